using System.Text;
using Bixbite.Commands.Info.Sections;
using Xunit;

namespace Bixbite.Unit.Commands.Info;

public sealed class InfoSectionsTests
{
    private static readonly InfoSections s_sections =
        new InfoSections(new Section("Server"), new Section("Modules"), new Section("Keyspace"), new Section("Debug"))
            .With(new Section("Commandstats"), after: "Modules");

    [Theory]
    [InlineData("default", "Server Modules Keyspace")]
    [InlineData("all", "Server Modules Commandstats Keyspace")]
    [InlineData("everything", "Server Modules Commandstats Keyspace")]
    [InlineData("keyspace server", "Server Keyspace")]
    [InlineData("commandstats", "Commandstats")]
    [InlineData("default commandstats", "Server Modules Commandstats Keyspace")]
    [InlineData("debug", "Debug")]
    [InlineData("everything DEBUG", "Server Modules Commandstats Keyspace Debug")]
    [InlineData("nothing", "")]
    public void Words_choose_sections_in_their_order(string words, string expected)
    {
        IEnumerable<IInfoSection> chosen = s_sections.Select(words.Split(' ').ToHashSet(StringComparer.OrdinalIgnoreCase));
        Assert.Equal(expected, string.Join(' ', chosen.Select(section => section.Heading)));
    }

    [Fact]
    public void An_empty_line_parts_sections()
    {
        var text = new InfoText();
        text.Heading("One");
        text.Line("a", "1");
        text.Heading("Two");
        Assert.Equal("# One\r\na:1\r\n\r\n# Two\r\n", Encoding.UTF8.GetString(text.ToBytes()));
    }

    [Fact]
    public void Names_from_elsewhere_cannot_forge_lines() => Assert.Equal("a_b__c_", InfoText.Safe("a:b\r\nc#"));

    private sealed class Section(string heading) : IInfoSection
    {
        public string Heading => heading;

        public void Append(InfoText text) => text.Line("heading", heading);
    }
}
