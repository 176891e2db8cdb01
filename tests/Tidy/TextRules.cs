using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Bixbite.Tidy;

/// <summary>What comments and documents say.</summary>
public sealed partial class TextRules
{
    [Fact]
    public void NothingIsLeftToDo() => Rule.Check(
        nameof(NothingIsLeftToDo),
        from file in Repository.Sources
        from comment in Comments(file)
        where Unfinished().IsMatch(comment.Text)
        select new Violation(file.Path, $"line {comment.Line}: {comment.Text.Trim()}"));

    [Fact]
    public void CodeIsNotCommentedOut() => Rule.Check(
        nameof(CodeIsNotCommentedOut),
        from file in Repository.Sources
        from comment in Comments(file)
        where Code().IsMatch(comment.Text)
        select new Violation(file.Path, $"line {comment.Line}: {comment.Text.Trim()}"));

    [Fact]
    public void ThereAreNoRegions() => Rule.Check(
        nameof(ThereAreNoRegions),
        from file in Repository.Sources
        where file.Root.DescendantTrivia().Any(trivia => trivia.IsKind(SyntaxKind.RegionDirectiveTrivia))
        select new Violation(file.Path, "#region"));

    [Fact]
    public void DocumentationSaysSomething() => Rule.Check(
        nameof(DocumentationSaysSomething),
        from file in Repository.Sources
        from node in file.Root.DescendantNodes(descendIntoTrivia: true)
        where node is XmlEmptyElementSyntax { Name.LocalName.Text: "summary" or "param" or "returns" }
            || (node is XmlElementSyntax tag && IsBlank(tag))
        select new Violation(file.Path, $"line {node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: an empty tag"));

    /// <summary>"What is left" makes a reader guess; "The time left" says it.</summary>
    [Fact]
    public void SummariesNameTheirThing() => Rule.Check(
        nameof(SummariesNameTheirThing),
        from file in Repository.Sources
        where file.IsUnder("src")
        from node in file.Root.DescendantNodes(descendIntoTrivia: true).OfType<XmlElementSyntax>()
        where node.StartTag.Name.LocalName.Text == "summary" && Vague().IsMatch(node.Content.ToString())
        select new Violation(file.Path, $"line {node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: begins with \"What\""));

    [Fact]
    public void StructuresOpenWithTheirIdea() => Rule.Check(
        nameof(StructuresOpenWithTheirIdea),
        from file in Repository.Sources
        where file.IsUnder("src/Structures") || file.IsUnder("src/Memory") || file.IsUnder("src/Types") || file.IsUnder("src/Keyspace")
        from type in Syntax.TopLevelTypes(file)
        where Syntax.TypeName(type) == Path.GetFileNameWithoutExtension(file.Path)
        where !type.GetLeadingTrivia().Any(trivia => trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia))
        select new Violation($"{file.Path} {Syntax.TypeName(type)}", "no comment explains it"));

    /// <summary>A server that was started in the tree leaves its data there; none of it belongs to the project.</summary>
    [Fact]
    public void NoDataFileIsTracked() => Rule.Check(
        nameof(NoDataFileIsTracked),
        from path in Repository.TrackedFiles()
        where DataFile().IsMatch(path)
        select new Violation(path, "a data file"));

    [Fact]
    public void TextKnowsNothingOfHowItCameToBe() => Rule.Check(
        nameof(TextKnowsNothingOfHowItCameToBe),
        from path in ((string[])[".cs", ".md", ".csproj", ".conf"]).SelectMany(ending => Repository.Files(ending))
        where path != "tests/Tidy/TextRules.cs"
        from line in Repository.Read(path).Split('\n').Index()
        where Origin().IsMatch(line.Item)
        select new Violation(path, $"line {line.Index + 1}: {line.Item.Trim()}"));

    [GeneratedRegex(@"(^|/)appendonlydir/|\.(aof|rdb|manifest|pid)$")]
    private static partial Regex DataFile();

    [GeneratedRegex(@"^[\s/]*What\b")]
    private static partial Regex Vague();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Unfinished();

    /// <summary>A line that ends or begins as statements do and sentences do not.</summary>
    [GeneratedRegex(@"^//\s*(.*[^\s];|.*\)\s*\{|\}|\{|(var|return|await|using|if|for|foreach|while)\b.*[;{]|\w+(\.\w+)*\(.*\);?)\s*$")]
    private static partial Regex Code();

    [GeneratedRegex(@"/work/|/tmp/ref|\b[Ii]ssue #?\d|\bsession #?\d+\b|\bthe brief\b|noreply", RegexOptions.CultureInvariant)]
    private static partial Regex Origin();

    private static IEnumerable<(int Line, string Text)> Comments(SourceFile file) =>
        from trivia in file.Root.DescendantTrivia()
        where trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia)
        select (trivia.GetLocation().GetLineSpan().StartLinePosition.Line + 1, trivia.ToString());

    private static bool IsBlank(XmlElementSyntax element) =>
        element.Content.All(part => part is XmlTextSyntax text && text.TextTokens.All(token => string.IsNullOrWhiteSpace(token.ValueText)));
}
