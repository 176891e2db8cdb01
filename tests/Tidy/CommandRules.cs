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

    /// <summary>
    /// A handler has the letters of its command, or of its subcommand. The command that the class is named after is the exception, since
    /// the language forbids it: its handler is called Run.
    /// </summary>
    [Fact]
    public void HandlersAreCalledWhatTheCommandIsCalled() => Rule.Check(
        nameof(HandlersAreCalledWhatTheCommandIsCalled),
        from command in CommandEntry.All()
        where command.Handler.Length > 0
        let letters = Regex.Replace(command.Name[(command.Name.LastIndexOf('|') + 1)..], "[^a-z0-9]", "")
        let wanted = letters.Equals(command.Class, StringComparison.OrdinalIgnoreCase) ? "Run" : letters
        where !wanted.Equals(command.Handler, StringComparison.OrdinalIgnoreCase)
        select new Violation($"{command.Source} {command.Name}", $"{command.Handler} is to be called {wanted}, in Redis' letters"));
}
