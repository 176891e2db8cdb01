using System.Text;
using Bixbite.Commands.Info.Sections;
using Bixbite.Engine.Facts;
using Xunit;

namespace Bixbite.Unit.Commands.Info;

public sealed class InfoSectionsTests
{
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
        var sections = new InfoSections();
        foreach (string heading in (string[])["Debug", "Server", "Keyspace", "Modules", "Commandstats"])
        {
            _ = sections[heading];
        }
        IEnumerable<InfoSection> chosen = sections.Select(words.Split(' ').ToHashSet(StringComparer.OrdinalIgnoreCase));
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

    /// <summary>Whoever adds them and when: lines stand where Redis has them, and unknown ones follow.</summary>
    [Fact]
    public void Lines_stand_where_Redis_has_them()
    {
        InfoSection section = new InfoSections()["Clients"];
        section.Gauge("new_clients", static () => 7);
        section.Gauge("tracking_clients", static () => 1);
        section.Text("paused_reason", static () => "none");
        section.Gauge("connected_clients", static () => long.MaxValue);
        section.Gauge("other", static () => 0.5);
        var text = new InfoText();
        text.Section(section);
        Assert.Equal(
            "# Clients\r\nconnected_clients:9223372036854775807\r\ntracking_clients:1\r\npaused_reason:none\r\n"
                + "new_clients:7\r\nother:0.50\r\n",
            Encoding.UTF8.GetString(text.ToBytes()));
    }

    [Fact]
    public void A_heading_that_Redis_does_not_have_comes_last()
    {
        var sections = new InfoSections();
        _ = sections["Scripts"];
        _ = sections["Keyspace"];
        Assert.Equal(["Keyspace", "Scripts"], sections.Select(new HashSet<string> { "all" }).Select(section => section.Heading));
        Assert.Same(sections["Scripts"], sections["Scripts"]);
    }

    /// <summary>A metrics endpoint walks the same facts: kinds, units and numbers.</summary>
    [Fact]
    public void Facts_are_typed()
    {
        InfoSection section = new InfoSections()["Own"];
        long latest = 0;
        bool isOn = false;
        section.Reading += () => latest = 3;
        section.Counter("bytes", () => latest, FactUnit.Bytes);
        section.Add(new Fact("share", FactKind.Gauge, FactUnit.Percent, static () => new FactValue(12.345))
        {
            Format = static percent => $"{percent:F1}%",
        });
        section.While(() => isOn, () => section.Gauge("hidden", static () => 1));
        section.AddLines(static () => [Fact.Line("line", "a=1")]);
        Fact[] facts = [.. section.Facts];
        Assert.Equal(["bytes", "share", "line"], facts.Select(fact => fact.Name));
        Assert.Equal([FactKind.Counter, FactKind.Gauge, FactKind.Text], facts.Select(fact => fact.Kind));
        Assert.Equal((3.0, 12.345, 0.0), (facts[0].Read().Number, facts[1].Read().Number, facts[2].Read().Number));
        Assert.Equal(("3", "12.3%", "a=1"), (facts[0].Text, facts[1].Text, facts[2].Text));
        isOn = true;
        Assert.Contains(section.Facts, fact => fact.Name == "hidden");
    }

    /// <summary>Metrics have a series for each number, whether it is told now or not, and one for each column of a table.</summary>
    [Fact]
    public void Numbers_may_be_followed()
    {
        var sections = new InfoSections();
        bool isOn = false;
        bool isOfInterest = true;
        InfoSection stats = sections["Stats"];
        stats.IsOfInterest = () => isOfInterest;
        stats.Counter("hits", static () => 3);
        stats.Fixed(0, "forks");
        stats.Text("state", "ok");
        stats.While(() => isOn, () => stats.Gauge("size", static () => 1.5, FactUnit.Bytes));
        sections["Keyspace"].AddTable(new FactTable(
            "db_", "database", new FactColumn("keys", FactKind.Gauge), new FactColumn("fields", FactKind.Gauge))
        {
            Rows = static () => [new FactRow("0", new FactValue(7), null), new FactRow("3", new FactValue(8), new FactValue(0.5))],
        });
        Assert.Equal(
            [
                new FactSeries("hits", FactKind.Counter, FactUnit.None, null), new FactSeries("size", FactKind.Gauge, FactUnit.Bytes, null),
                new FactSeries("db_keys", FactKind.Gauge, FactUnit.None, "database"),
                new FactSeries("db_fields", FactKind.Gauge, FactUnit.None, "database"),
            ],
            sections.Series);
        Assert.Equal(
            [new("hits", 3, null), new("db_keys", 7, "0"), new("db_keys", 8, "3"), new FactSample("db_fields", 0.5, "3")],
            sections.Samples);
        isOn = true;
        Assert.Contains(new FactSample("size", 1.5, null), sections.Samples);
        isOfInterest = false;
        Assert.DoesNotContain(sections.Samples, static sample => sample.Name == "hits");
        var text = new InfoText();
        text.Section(sections["Keyspace"]);
        Assert.Equal("# Keyspace\r\ndb_0:keys=7\r\ndb_3:keys=8,fields=0.50\r\n", Encoding.UTF8.GetString(text.ToBytes()));
    }
}
