using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Bixbite.Tidy;

/// <summary>A C# file: its path from the repository's root with forward slashes, its lines and its syntax.</summary>
internal sealed record SourceFile(string Path, string Text, SyntaxNode Root)
{
    public string[] Lines { get; } = Text.Split('\n');

    public IEnumerable<T> Nodes<T>() where T : SyntaxNode => Root.DescendantNodes(descendIntoTrivia: false).OfType<T>();

    public bool IsUnder(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);
}

/// <summary>The repository as the tests see it: read once, without what builds leave behind.</summary>
internal static class Repository
{
    private static readonly string[] s_codeFolders = ["src", "tests", "bench", "samples"];
    private static readonly string[] s_leftBehind = ["artifacts", "bin", "obj", "node_modules", ".git"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> Sources { get; } = ReadSources();

    /// <summary>Paths of all files of these folders, or of the whole repository, whose names end so.</summary>
    public static IEnumerable<string> Files(string ending, params string[] folders) =>
        (folders.Length == 0 ? [""] : folders)
            .Select(folder => Path.Combine(Root, folder))
            .Where(Directory.Exists)
            .SelectMany(Walk)
            .Where(path => path.EndsWith(ending, StringComparison.Ordinal))
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    /// <summary>Paths of the files that git tracks.</summary>
    public static string[] TrackedFiles()
    {
        using Process git = Process.Start(new ProcessStartInfo("git", ["-C", Root, "ls-files"]) { RedirectStandardOutput = true })!;
        string[] paths = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        return git.ExitCode == 0 && paths.Length > 0
            ? paths
            : throw new InvalidOperationException($"git does not list the files of {Root}; the tests need a git checkout");
    }

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static SourceFile[] ReadSources()
    {
        var options = new CSharpParseOptions(LanguageVersion.Preview, DocumentationMode.Parse);
        return [.. Files(".cs", s_codeFolders).Select(path =>
        {
            string text = Read(path);
            return new SourceFile(path, text, CSharpSyntaxTree.ParseText(text, options, path).GetRoot());
        })];
    }

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            yield return file;
        }
        foreach (string sub in Directory.EnumerateDirectories(folder).Where(sub => !s_leftBehind.Contains(Path.GetFileName(sub))))
        {
            foreach (string file in Walk(sub))
            {
                yield return file;
            }
        }
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Bixbite.slnx")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new InvalidOperationException("the tests must run inside the repository");
    }
}
