using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Bixbite.Tidy;

/// <summary>What the language allows and this code does not use.</summary>
public sealed class CodeRules
{
    private static readonly string[] s_generatorAttributes = ["LibraryImport", "GeneratedRegex", "JsonSerializable", "LoggerMessage"];

    [Fact]
    public void PartialIsForSourceGenerators() => Rule.Check(
        nameof(PartialIsForSourceGenerators),
        from file in Repository.Sources
        from type in file.Nodes<TypeDeclarationSyntax>()
        where type.Modifiers.Any(SyntaxKind.PartialKeyword) && !NeedsPartial(type)
        select new Violation($"{file.Path} {type.Identifier.Text}", "partial, but nothing in it is generated"));

    [Fact]
    public void UnsafeStaysInPlatformAndMemory() => Rule.Check(
        nameof(UnsafeStaysInPlatformAndMemory),
        from file in Repository.Sources
        where !file.IsUnder("src/Platform") && !file.IsUnder("src/Memory")
        where file.Root.DescendantTokens().Any(token => token.IsKind(SyntaxKind.UnsafeKeyword))
        select new Violation(file.Path, "unsafe"));

    [Fact]
    public void StaticsDoNotChange() => Rule.Check(
        nameof(StaticsDoNotChange),
        MutableStaticFields().Concat(MutableStaticProperties()));

    [Fact]
    public void NativeLayoutsHaveTheirSizeAsserted()
    {
        string tests = string.Concat(Repository.Sources.Where(file => file.IsUnder("tests/Unit")).Select(file => file.Text));
        Rule.Check(
            nameof(NativeLayoutsHaveTheirSizeAsserted),
            from file in Repository.Sources
            where file.IsUnder("src")
            from type in file.Nodes<StructDeclarationSyntax>()
            where Syntax.HasAttribute(type.AttributeLists, "StructLayout")
            where !Regex.IsMatch(tests, $@"SizeOf<([\w.]+\.)?{type.Identifier.Text}>")
            select new Violation($"{file.Path} {type.Identifier.Text}", "no unit test asserts its size"));
    }

    private static IEnumerable<Violation> MutableStaticFields() =>
        from file in Repository.Sources
        where file.IsUnder("src")
        from field in file.Nodes<FieldDeclarationSyntax>()
        where field.Modifiers.Any(SyntaxKind.StaticKeyword) && !field.Modifiers.Any(SyntaxKind.ReadOnlyKeyword)
        from variable in field.Declaration.Variables
        select new Violation($"{file.Path} {Syntax.NameOf(variable)}", "a static field that is not readonly");

    private static IEnumerable<Violation> MutableStaticProperties() =>
        from file in Repository.Sources
        where file.IsUnder("src")
        from property in file.Nodes<PropertyDeclarationSyntax>()
        where property.Modifiers.Any(SyntaxKind.StaticKeyword)
        where property.AccessorList?.Accessors.Any(accessor => accessor.IsKind(SyntaxKind.SetAccessorDeclaration)) == true
        select new Violation($"{file.Path} {Syntax.NameOf(property)}", "a static property with a setter");

    /// <summary>Something generated is in it, or in a type within it.</summary>
    private static bool NeedsPartial(TypeDeclarationSyntax type) =>
        Syntax.HasAttribute(type.AttributeLists, s_generatorAttributes)
        || type.DescendantNodes().OfType<MemberDeclarationSyntax>()
            .Any(member => Syntax.HasAttribute(member.AttributeLists, s_generatorAttributes));
}
