using System.Text.RegularExpressions;
using Xunit;

namespace Bixbite.Tidy;

/// <summary>What documents say of the tree is so.</summary>
public sealed partial class DocumentRules
{
    /// <summary>Artifacts are made by builds.</summary>
    private const string Built = "artifacts/";

    private const string Contents = "docs/README.md";

    private static readonly HashSet<string> s_tracked = [.. Repository.TrackedFiles()];

    [Fact]
    public void FilesAndFoldersThatAreNamedExist() => Rule.Check(
        nameof(FilesAndFoldersThatAreNamedExist),
        Missing(PathInCode(), (_, path) => path));

    [Fact]
    public void LinksLeadSomewhere() => Rule.Check(
        nameof(LinksLeadSomewhere),
        Missing(Link(), Resolve));

    /// <summary>A link's part after # is the anchor of a heading, made as code hosts and the site make it.</summary>
    [Fact]
    public void AnchorsLeadSomewhere() => Rule.Check(
        nameof(AnchorsLeadSomewhere),
        from document in Repository.Files(".md")
        from line in Repository.Read(document).Split('\n').Index()
        from Match link in LinkWithAnchor().Matches(line.Item)
        let target = link.Groups[1].Length == 0 ? document : Resolve(document, link.Groups[1].Value)
        where target.EndsWith(".md", StringComparison.Ordinal) && s_tracked.Contains(target)
        where !Anchors(target).Contains(link.Groups[2].Value)
        select new Violation(document, $"line {line.Index + 1}: there is no heading {link.Groups[2].Value} in {target}"));

    /// <summary>docs/README.md says in which order the pages are read, and the site's sidebar is made of it.</summary>
    [Fact]
    public void PagesAreInTheContents()
    {
        HashSet<string> listed = [.. Link().Matches(Repository.Read(Contents)).Select(match => Resolve(Contents, match.Groups[1].Value))];
        Rule.Check(
            nameof(PagesAreInTheContents),
            from page in Repository.Files(".md", "docs")
            where page != Contents && !listed.Contains(page)
            select new Violation(page, $"{Contents} does not name it"));
    }

    /// <summary>
    /// C# in the guide and the recipes is that of a file which is compiled and tested: the line before names the file, and there the
    /// lines of the block stand as they are, one after the other, at whatever depth.
    /// </summary>
    [Fact]
    public void CodeIsThatOfTheFileItNames() => Rule.Check(
        nameof(CodeIsThatOfTheFileItNames),
        from document in Repository.Files(".md", "docs/guide", "docs/recipes")
        from Match block in CodeBlock().Matches(Repository.Read(document))
        let file = block.Groups[1].Length == 0 ? "" : Resolve(document, block.Groups[1].Value)
        where !s_tracked.Contains(file) || !Flat(Repository.Read(file)).Contains(Flat(block.Groups[2].Value), StringComparison.Ordinal)
        select new Violation(document, $"'{block.Groups[2].Value.Split('\n')[0].Trim()}' and what follows is not in '{file}'"));

    private static string Resolve(string document, string path) =>
        Path.GetRelativePath(".", Path.Combine(Path.GetDirectoryName(document)!, path));

    /// <summary>Lines without their indentation and empty lines.</summary>
    private static string Flat(string text) =>
        "\n" + string.Join('\n', text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) + "\n";

    private static HashSet<string> Anchors(string document)
    {
        HashSet<string> anchors = [];
        foreach (string line in Repository.Read(document).Split('\n').Where(line => line.StartsWith('#')))
        {
            string anchor = NotOfAnchors().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');
            string unique = anchor;
            for (int i = 1; !anchors.Add(unique); i++)
            {
                unique = $"{anchor}-{i}";
            }
        }
        return anchors;
    }

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

    [GeneratedRegex(@"\]\((?!\w+:)([^)#\s]*)#([^)\s]+)\)")]
    private static partial Regex LinkWithAnchor();

    [GeneratedRegex(@"[^\p{L}\p{N}\p{M}_\- ]")]
    private static partial Regex NotOfAnchors();

    [GeneratedRegex(@"(?:\]\(([^)\s]+\.cs)\)[^\n]*\n+)?```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
