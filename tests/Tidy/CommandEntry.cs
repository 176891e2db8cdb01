using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bixbite.Tidy;

/// <summary>What a [Command] attribute says of a command, and the file it stands in.</summary>
internal sealed record CommandEntry(string Name, string Group, string Arity, string Since, string Source)
{
    public static IEnumerable<CommandEntry> All() =>
        from file in Repository.Sources
        where file.IsUnder("src/Commands")
        from attribute in file.Nodes<AttributeSyntax>()
        where attribute.Name.ToString() == "Command"
        select new CommandEntry(
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
}
