using System.Text.RegularExpressions;
using Xunit;

namespace Bixbite.Tidy;

/// <summary>What documents say of the tree is so.</summary>
public sealed partial class DocumentRules
{
    /// <summary>Artifacts are made by builds.</summary>
    private const string Built = "artifacts/";

    private static readonly HashSet<string> s_tracked = [.. Repository.TrackedFiles()];

    [Fact]
    public void FilesAndFoldersThatAreNamedExist() => Rule.Check(
        nameof(FilesAndFoldersThatAreNamedExist),
        Missing(PathInCode(), (_, path) => path));

    [Fact]
    public void LinksLeadSomewhere() => Rule.Check(
        nameof(LinksLeadSomewhere),
        Missing(Link(), (document, path) => Path.GetRelativePath(".", Path.Combine(Path.GetDirectoryName(document)!, path))));

    /// <summary>What documents name in this way and is not there; a name is resolved to a path by its document's.</summary>
    private static IEnumerable<Violation> Missing(Regex names, Func<string, string, string> resolve) =>
        from document in Repository.Files(".md")
        from line in Repository.Read(document).Split('\n').Index()
        from Match name in names.Matches(line.Item)
        where !Exists(resolve(document, name.Groups[1].Value).TrimEnd('/'))
        select new Violation(document, $"line {line.Index + 1}: there is no {name.Groups[1].Value}");

    /// <summary>A path from the root, or the end of one, as in Strings/Set.cs.</summary>
    private static bool Exists(string path) =>
        path.StartsWith(Built, StringComparison.Ordinal)
        || s_tracked.Any(file => $"/{file}/".Contains($"/{path}/", StringComparison.Ordinal));

    [GeneratedRegex(@"`((?:\.ci|[A-Za-z]+)/[\w./-]*\w/?)`")]
    private static partial Regex PathInCode();

    [GeneratedRegex(@"\]\((?!\w+:)([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();
}
