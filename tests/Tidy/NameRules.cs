using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Bixbite.Tidy;

/// <summary>Names say what a thing is, and where it is found.</summary>
public sealed class NameRules
{
    /// <summary>A companion type may share a file up to this size.</summary>
    private const int CompanionLinesMax = 60;

    private static readonly string[] s_bannedSuffixes = ["Manager", "Helper", "Helpers", "Util", "Utils", "Wrapper", "Impl", "Base"];

    [Fact]
    public void TypesAreNamedForWhatTheyAre() => Rule.Check(
        nameof(TypesAreNamedForWhatTheyAre),
        from file in Repository.Sources
        from type in file.Nodes<BaseTypeDeclarationSyntax>()
        let suffix = s_bannedSuffixes.FirstOrDefault(suffix => type.Identifier.Text.EndsWith(suffix, StringComparison.Ordinal))
        where suffix is not null
        select new Violation($"{file.Path} {type.Identifier.Text}", $"the suffix {suffix} says nothing"));

    [Fact]
    public void NamespacesAreFolders() => Rule.Check(
        nameof(NamespacesAreFolders),
        from file in Repository.Sources
        from declared in file.Nodes<BaseNamespaceDeclarationSyntax>()
        let folder = NamespaceOf(file.Path.Split('/')[..^1])
        where declared.Name.ToString() != folder
        select new Violation(file.Path, $"namespace {declared.Name}, expected {folder}"));

    /// <summary>
    /// An application that uses the library sees one namespace, whichever of its packages it takes; a sample is such an application, and
    /// has its own.
    /// </summary>
    private static string NamespaceOf(string[] folders) => folders switch
    {
        ["src", var project, ..] when project.StartsWith("Library", StringComparison.Ordinal) => "Bixbite",
        ["samples", .. var names] => string.Join('.', names),
        _ => "Bixbite." + string.Join('.', folders[1..]),
    };

    /// <summary>The type that a file is named for; the code of a page is its model.</summary>
    private static string TypeOf(SourceFile file) => Path.GetFileNameWithoutExtension(file.Path).Replace(".cshtml", "Model");

    [Fact]
    public void FilesHoldTheTypeTheyAreNamedFor() => Rule.Check(
        nameof(FilesHoldTheTypeTheyAreNamedFor),
        from file in Repository.Sources
        let names = Syntax.TopLevelTypes(file).Select(Syntax.TypeName).ToArray()
        where names.Length > 0 && !names.Contains(TypeOf(file))
        select new Violation(file.Path, $"holds {string.Join(", ", names)}"));

    [Fact]
    public void FilesHoldOneTypeAndTinyCompanions() => Rule.Check(
        nameof(FilesHoldOneTypeAndTinyCompanions),
        from file in Repository.Sources
        from type in Syntax.TopLevelTypes(file)
        where Syntax.TypeName(type) != TypeOf(file)
        let lines = type.GetText().Lines.Count
        where lines > CompanionLinesMax
        select new Violation($"{file.Path} {Syntax.TypeName(type)}", $"{lines} lines, a companion has at most {CompanionLinesMax}"));

    [Fact]
    public void UnitTestFoldersMirrorTheSource() => Rule.Check(
        nameof(UnitTestFoldersMirrorTheSource),
        from folder in Repository.Files(".cs", "tests/Unit").Select(path => Path.GetDirectoryName(path)!).Distinct()
        let mirrored = "src" + folder["tests/Unit".Length..]
        where !Directory.Exists(Path.Combine(Repository.Root, mirrored))
        select new Violation(folder, $"there is no {mirrored}"));
}
