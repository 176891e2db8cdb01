using System.Text.RegularExpressions;
using Xunit;

namespace Bixbite.Tidy;

/// <summary>What holds for every command, beside what the generator checks.</summary>
public sealed class CommandRules
{
    [Fact]
    public void CommandsAreTested()
    {
        string tests = string.Concat(
            Repository.Sources.Where(file => file.IsUnder("tests/Wire") || file.IsUnder("tests/Unit")).Select(file => file.Text));
        Rule.Check(
            nameof(CommandsAreTested),
            from command in CommandEntry.All()
            where !command.Name.EndsWith("|help", StringComparison.Ordinal)
            let pattern = @"\b" + Regex.Escape(command.Name).Replace(@"\|", @"[\s|]", StringComparison.Ordinal) + @"\b"
            where !Regex.IsMatch(tests, pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)
            select new Violation($"{command.Source} {command.Name}", "no test calls it"));
    }
}
