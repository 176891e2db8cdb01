using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bixbite.Tidy;

/// <summary>A command as its [Command] attribute tells it, and where it stands. The handler of a container is empty.</summary>
internal sealed class CommandEntry(AttributeSyntax attribute, string source)
{
    public string Name { get; } = attribute.ArgumentList!.Arguments[0].Expression.ChildTokens().First().ValueText;

    /// <summary>As people write it: CLIENT LIST.</summary>
    public string Title => Name.ToUpperInvariant().Replace('|', ' ');

    public string Source { get; } = source;

    public string Class { get; } = attribute.FirstAncestorOrSelf<ClassDeclarationSyntax>()!.Identifier.Text;

    public string Handler { get; } = attribute.FirstAncestorOrSelf<MethodDeclarationSyntax>()?.Identifier.Text ?? "";

    /// <summary>What the attribute says under this name; empty where it says nothing.</summary>
    public string this[string name] => Text(attribute.ArgumentList!.Arguments
        .FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.Text == name)?.Expression);

    public static IEnumerable<CommandEntry> All() =>
        from file in Repository.Sources
        where file.IsUnder("src/Commands")
        from attribute in file.Nodes<AttributeSyntax>()
        where attribute.Name.ToString() == "Command"
        select new CommandEntry(attribute, file.Path);

    private static string Text(ExpressionSyntax? expression) => expression switch
    {
        null => "",
        LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.StringLiteralExpression) => literal.Token.ValueText,
        BinaryExpressionSyntax sum when sum.IsKind(SyntaxKind.AddExpression) => Text(sum.Left) + Text(sum.Right),
        _ => expression.ToString(),
    };
}
