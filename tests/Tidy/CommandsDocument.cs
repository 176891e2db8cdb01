using System.Text;
using Xunit;

namespace Bixbite.Tidy;

/// <summary>docs/COMMANDS.md is written from the [Command] attributes; the test rewrites it where BIXBITE_REWRITE=1.</summary>
public sealed class CommandsDocument
{
    private const string DocumentPath = "docs/COMMANDS.md";

    [Fact]
    public void IsCurrent()
    {
        string expected = Write();
        string path = Path.Combine(Repository.Root, DocumentPath);
        if (Environment.GetEnvironmentVariable("BIXBITE_REWRITE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, expected);
        }
        string actual = File.Exists(path) ? File.ReadAllText(path) : "";
        Assert.True(expected == actual, $"{DocumentPath} is out of date: run the tests of tests/Tidy once with BIXBITE_REWRITE=1");
    }

    private static string Write()
    {
        CommandEntry[] entries = [.. CommandEntry.All().OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        var text = new StringBuilder();
        text.Append("# Commands\n\n");
        int subcommandCount = entries.Count(entry => entry.Name.Contains('|'));
        text.Append("Written by a test from the `[Command]` attributes; do not edit. Arity counts the command's own name,\n");
        text.Append("and a negative one means at least so many arguments. ");
        text.Append($"{entries.Length - subcommandCount} commands, {subcommandCount} subcommands.\n");
        foreach (IGrouping<string, CommandEntry> group in entries.GroupBy(entry => entry.Group).OrderBy(group => group.Key))
        {
            text.Append($"\n## {group.Key}\n\n| command | arity | since | source |\n| --- | --: | --- | --- |\n");
            foreach (CommandEntry entry in group)
            {
                string name = entry.Name.ToUpperInvariant().Replace('|', ' ');
                text.Append($"| {name} | {entry.Arity} | {entry.Since} | [{Path.GetFileName(entry.Source)}](../{entry.Source}) |\n");
            }
        }
        return text.ToString();
    }
}
