using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bixbite.Tidy;

/// <summary>Questions to syntax that several rules ask.</summary>
internal static class Syntax
{
    /// <summary>"Type.Member" for what declares something.</summary>
    public static string NameOf(SyntaxNode node)
    {
        string own = node switch
        {
            MethodDeclarationSyntax method => method.Identifier.Text,
            ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
            LocalFunctionStatementSyntax function => function.Identifier.Text,
            AccessorDeclarationSyntax accessor => NameOfProperty(accessor) + "." + accessor.Keyword.Text,
            OperatorDeclarationSyntax @operator => "operator " + @operator.OperatorToken.Text,
            VariableDeclaratorSyntax variable => variable.Identifier.Text,
            PropertyDeclarationSyntax property => property.Identifier.Text,
            _ => node.Kind().ToString(),
        };
        TypeDeclarationSyntax? type = node.FirstAncestorOrSelf<TypeDeclarationSyntax>();
        return type is null ? own : type.Identifier.Text + "." + own;
    }

    public static bool HasAttribute(SyntaxList<AttributeListSyntax> lists, params string[] names) =>
        lists.SelectMany(list => list.Attributes).Any(attribute => names.Contains(attribute.Name.ToString().Split('.')[^1]));

    /// <summary>A struct whose bytes others rely on: the kernel, a file, native memory.</summary>
    public static bool IsNativeLayout(TypeDeclarationSyntax type) =>
        type is StructDeclarationSyntax && HasAttribute(type.AttributeLists, "StructLayout", "InlineArray");

    /// <summary>Types declared directly in a namespace or file.</summary>
    public static IEnumerable<MemberDeclarationSyntax> TopLevelTypes(SourceFile file) =>
        file.Root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>()
            .Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);

    public static string TypeName(MemberDeclarationSyntax type) => type switch
    {
        BaseTypeDeclarationSyntax declared => declared.Identifier.Text,
        DelegateDeclarationSyntax declared => declared.Identifier.Text,
        _ => "",
    };

    private static string NameOfProperty(AccessorDeclarationSyntax accessor) => accessor.Parent?.Parent switch
    {
        PropertyDeclarationSyntax property => property.Identifier.Text,
        IndexerDeclarationSyntax => "this",
        EventDeclarationSyntax declared => declared.Identifier.Text,
        _ => "",
    };
}
