using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Bixbite.Tidy;

/// <summary>
/// Every number of docs/guide/limits.md is that of the code: a row names a constant, whose value its first number is, or a setting, in
/// whose row of docs/SETTINGS.md all its numbers stand.
/// </summary>
public sealed partial class LimitsDocument
{
    private const string DocumentPath = "docs/guide/limits.md";

    private static readonly string[] s_settings = Repository.Read("docs/SETTINGS.md").Split('\n');

    /// <summary>All sources together, since constants name each other. Only what is asked for is bound.</summary>
    private static readonly CSharpCompilation s_code = CSharpCompilation.Create(
        "Constants",
        Repository.Sources.Where(file => file.IsUnder("src")).Select(file => file.Root.SyntaxTree),
        [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)]);

    [Fact]
    public void NumbersAreThoseOfTheCode()
    {
        (int Line, string Limit, string Origin)[] rows = [.. Rows()];
        Assert.NotEmpty(rows);
        Rule.Check(
            nameof(NumbersAreThoseOfTheCode),
            from row in rows
            let wrong = Setting().Match(row.Origin) is { Success: true } setting
                ? WrongSetting(setting.Groups[1].Value, row.Limit)
                : WrongConstant(row.Origin.Trim('`'), row.Limit)
            where wrong is not null
            select new Violation(DocumentPath, $"line {row.Line}: {wrong}"));
    }

    private static IEnumerable<(int Line, string Limit, string Origin)> Rows() =>
        from line in Repository.Read(DocumentPath).Split('\n').Index()
        where line.Item.StartsWith("| ", StringComparison.Ordinal)
        let cells = line.Item.Split(" | ")
        where cells.Length == 3 && cells[0] is not ("| limit" or "| ---")
        select (line.Index + 1, cells[1], cells[2].TrimEnd(' ', '|'));

    private static string? WrongConstant(string name, string limit)
    {
        string[] words = name.Split('.');
        VariableDeclaratorSyntax[] found = words.Length != 2 ? [] :
        [
            .. from file in Repository.Sources
               where file.IsUnder("src") && Path.GetFileNameWithoutExtension(file.Path) == words[0]
               from variable in file.Nodes<VariableDeclaratorSyntax>()
               where variable.Identifier.Text == words[1] && variable.Parent?.Parent is FieldDeclarationSyntax
               select variable,
        ];
        if (found.Length != 1)
        {
            return $"{found.Length} constants are called {name}";
        }
        object? value = (s_code.GetSemanticModel(found[0].SyntaxTree).GetDeclaredSymbol(found[0]) as IFieldSymbol)?.ConstantValue;
        string expected = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        string actual = Numbers(limit).FirstOrDefault("");
        return expected == actual ? null : $"{name} is {expected}, not {actual}";
    }

    private static string? WrongSetting(string name, string limit)
    {
        string? row = s_settings.FirstOrDefault(line => line.StartsWith($"| `{name}`", StringComparison.Ordinal));
        if (row is null)
        {
            return $"there is no setting {name}";
        }
        HashSet<string> known = [.. Numbers(row)];
        string[] unknown = [.. Numbers(limit).Where(number => !known.Contains(number))];
        return unknown.Length == 0 ? null : $"{name} knows nothing of {string.Join(", ", unknown)}";
    }

    private static IEnumerable<string> Numbers(string text) =>
        Number().Matches(text).Select(match => match.Value.Replace(",", "", StringComparison.Ordinal));

    [GeneratedRegex(@"^\[`([\w-]+)`\]")]
    private static partial Regex Setting();

    [GeneratedRegex(@"\d+(,\d{3})*(\.\d+)?")]
    private static partial Regex Number();
}
