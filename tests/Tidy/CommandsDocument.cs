using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
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
        Entry[] entries = [.. Entries().OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        var text = new StringBuilder();
        text.Append("# Commands\n\n");
        int subcommandCount = entries.Count(entry => entry.Name.Contains('|'));
        text.Append("Written by a test from the `[Command]` attributes; do not edit. Arity counts the command's own name,\n");
        text.Append("and a negative one means at least so many arguments. ");
        text.Append($"{entries.Length - subcommandCount} commands, {subcommandCount} subcommands.\n");
        foreach (IGrouping<string, Entry> group in entries.GroupBy(entry => entry.Group).OrderBy(group => group.Key))
        {
            text.Append($"\n## {group.Key}\n\n| command | arity | since | source |\n| --- | --: | --- | --- |\n");
            foreach (Entry entry in group)
            {
                string name = entry.Name.ToUpperInvariant().Replace('|', ' ');
                text.Append($"| {name} | {entry.Arity} | {entry.Since} | [{Path.GetFileName(entry.Source)}](../{entry.Source}) |\n");
            }
        }
        return text.ToString();
    }

    private static IEnumerable<Entry> Entries() =>
        from file in Repository.Sources
        where file.IsUnder("src/Commands")
        from attribute in file.Nodes<AttributeSyntax>()
        where attribute.Name.ToString() == "Command"
        select new Entry(
            attribute.ArgumentList!.Arguments[0].Expression.ChildTokens().First().ValueText,
            Value(attribute, "Group"),
            Value(attribute, "Arity"),
            Value(attribute, "Since"),
            file.Path);

    private static string Value(AttributeSyntax attribute, string name)
    {
        ExpressionSyntax? expression = attribute.ArgumentList!.Arguments
            .FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.Text == name)?.Expression;
        return expression is LiteralExpressionSyntax literal && literal.IsKind(SyntaxKind.StringLiteralExpression)
            ? literal.Token.ValueText
            : expression?.ToString() ?? "";
    }

    private sealed record Entry(string Name, string Group, string Arity, string Since, string Source);
}
