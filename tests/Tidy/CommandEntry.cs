using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bixbite.Tidy;

/// <summary>A command as its [Command] attribute tells it, and where it stands. The handler of a container is empty.</summary>
internal sealed record CommandEntry(
    string Name, string Group, string Arity, string Since, string Source, string Class, string Handler)
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
            file.Path,
            attribute.FirstAncestorOrSelf<ClassDeclarationSyntax>()!.Identifier.Text,
            attribute.FirstAncestorOrSelf<MethodDeclarationSyntax>()?.Identifier.Text ?? "");

    private static string Value(AttributeSyntax attribute, string name)
    {
        ExpressionSyntax? expression = attribute.ArgumentList!.Arguments
            .FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.Text == name)?.Expression;
        return expression is LiteralExpressionSyntax literal && literal.IsKind(SyntaxKind.StringLiteralExpression)
            ? literal.Token.ValueText
            : expression?.ToString() ?? "";
    }
}
