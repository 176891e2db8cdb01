using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Bixbite.Tidy;

/// <summary>What separates code that is a pleasure from code that is regretted is the tail: the longest files, methods and lists.</summary>
public sealed class SizeRules
{
    private const int FileLinesMax = 600;
    private const int MethodLinesMax = 70;
    private const int LineLengthMax = 140;
    private const int FieldsMax = 12;
    private const int ParametersMax = 7;

    [Fact]
    public void FilesAreShort() => Rule.Check(
        nameof(FilesAreShort),
        Repository.Sources.Where(file => file.Lines.Length - 1 > FileLinesMax)
            .Select(file => new Violation(file.Path, $"{file.Lines.Length - 1} lines, at most {FileLinesMax}")));

    [Fact]
    public void LinesAreShort() => Rule.Check(
        nameof(LinesAreShort),
        from file in Repository.Sources
        from line in file.Lines.Index()
        where line.Item.Length > LineLengthMax
        select new Violation(file.Path, $"line {line.Index + 1} has {line.Item.Length} characters, at most {LineLengthMax}"));

    [Fact]
    public void MethodsAreShort() => Rule.Check(
        nameof(MethodsAreShort),
        from file in Repository.Sources
        from node in file.Root.DescendantNodes()
        where node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax
        let lines = LinesOf(node)
        where lines > MethodLinesMax
        select new Violation($"{file.Path} {Syntax.NameOf(node)}", $"{lines} lines, at most {MethodLinesMax}"));

    [Fact]
    public void TypesHaveFewFields() => Rule.Check(
        nameof(TypesHaveFewFields),
        from file in Repository.Sources
        from type in file.Nodes<TypeDeclarationSyntax>()
        where !Syntax.IsNativeLayout(type)
        let count = type.Members.OfType<FieldDeclarationSyntax>()
            .Where(field => !field.Modifiers.Any(SyntaxKind.StaticKeyword) && !field.Modifiers.Any(SyntaxKind.ConstKeyword))
            .Sum(field => field.Declaration.Variables.Count) + RecordFieldsOf(type)
        where count > FieldsMax
        select new Violation($"{file.Path} {type.Identifier.Text}", $"{count} fields, at most {FieldsMax}"));

    [Fact]
    public void ConstructorsTakeFewParameters() => Rule.Check(
        nameof(ConstructorsTakeFewParameters),
        (from file in Repository.Sources
         from constructor in file.Nodes<ConstructorDeclarationSyntax>()
         let count = constructor.ParameterList.Parameters.Count
         where count > ParametersMax
         select new Violation($"{file.Path} {constructor.Identifier.Text}", $"{count} parameters, at most {ParametersMax}"))
        .Concat(
            from file in Repository.Sources
            from type in file.Nodes<TypeDeclarationSyntax>()
            where type is not RecordDeclarationSyntax
            let count = type.ParameterList?.Parameters.Count ?? 0
            where count > ParametersMax
            select new Violation($"{file.Path} {type.Identifier.Text}", $"{count} parameters, at most {ParametersMax}")));

    /// <summary>The parameters of a record are its fields; it is data and asks for no services.</summary>
    private static int RecordFieldsOf(TypeDeclarationSyntax type) =>
        type is RecordDeclarationSyntax { ParameterList: { } parameters } ? parameters.Parameters.Count : 0;

    /// <summary>
    /// From the first word after attributes and comments to the closing brace; a text of several lines is data and counts as one.
    /// </summary>
    private static int LinesOf(SyntaxNode node)
    {
        SyntaxList<AttributeListSyntax> attributes = node switch
        {
            BaseMethodDeclarationSyntax method => method.AttributeLists,
            LocalFunctionStatementSyntax function => function.AttributeLists,
            AccessorDeclarationSyntax accessor => accessor.AttributeLists,
            _ => default,
        };
        int start = attributes.Count > 0 ? attributes.Last().GetLastToken().GetNextToken().SpanStart : node.SpanStart;
        FileLinePositionSpan lines = node.SyntaxTree.GetLineSpan(Microsoft.CodeAnalysis.Text.TextSpan.FromBounds(start, node.Span.End));
        int textLines = node.DescendantTokens().Where(token => token.IsKind(SyntaxKind.MultiLineRawStringLiteralToken))
            .Sum(token => token.Text.Count(letter => letter == '\n'));
        return lines.EndLinePosition.Line - lines.StartLinePosition.Line + 1 - textLines;
    }
}
