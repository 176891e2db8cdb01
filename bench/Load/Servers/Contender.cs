using System.Diagnostics;

namespace Bixbite.Load.Servers;

/// <summary>A server that takes part: what to call it, and which binary it is.</summary>
internal sealed record Contender(string Name, string Path)
{
    private const string PublishedBinary = "artifacts/publish/Server/release/bixbite-server";
    private const string BuiltBinary = "artifacts/bin/Server/release/bixbite-server";

    /// <summary>
    /// The server at <paramref name="path"/>, or this repository's own: the native binary if published, else the Release build.
    /// </summary>
    public static Contender Candidate(string? path)
    {
        if (path is null)
        {
            string root = RepositoryRoot();
            path = new[] { PublishedBinary, BuiltBinary }
                .Select(binary => System.IO.Path.Combine(root, binary))
                .FirstOrDefault(File.Exists)
                ?? throw new FileNotFoundException($"no {PublishedBinary} in {root}: run 'dotnet publish src/Server -c Release' first");
        }

        string name = System.IO.Path.GetFileName(path) switch
        {
            "bixbite-server" when path.Contains("/bin/", StringComparison.Ordinal) => "Bixbite (JIT)",
            "bixbite-server" => "Bixbite",
            string file => $"{file} as candidate",
        };
        return new Contender(name, path);
    }

    public static Contender Baseline(string path) => new($"{Title(path)} {VersionOf(path)}".TrimEnd(), path);

    private static string Title(string path) => System.IO.Path.GetFileName(path) switch
    {
        "redis-server" => "Redis",
        "valkey-server" => "Valkey",
        string file => file,
    };

    /// <summary>The number behind <c>v=</c> in what <c>--version</c> prints, or nothing.</summary>
    private static string VersionOf(string path)
    {
        using Process process = Process.Start(new ProcessStartInfo(path, ["--version"]) { RedirectStandardOutput = true })!;
        string line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return line.Split(' ').FirstOrDefault(word => word.StartsWith("v=", StringComparison.Ordinal))?[2..] ?? "";
    }

    /// <summary>The folder that all paths of the repository begin with.</summary>
    public static string RepositoryRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Bixbite.slnx")))
            {
                return folder.FullName;
            }
        }

        return Directory.GetCurrentDirectory();
    }
}
