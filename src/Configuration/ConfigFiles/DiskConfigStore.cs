using Bixbite.Platform;
using Bixbite.Structures.Text;

namespace Bixbite.Configuration.ConfigFiles;

/// <summary>Configuration files on the disk.</summary>
public sealed class DiskConfigStore : IConfigStore
{
    public const string NoSuchFile = "No such file or directory";

    public byte[]? Read(string path, out string? problem)
    {
        problem = null;
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception failure) when (IsOfDisk(failure))
        {
            problem = failure is FileNotFoundException or DirectoryNotFoundException ? null : ProblemOf(failure, path);
            return null;
        }
    }

    public string? Replace(string path, ReadOnlySpan<byte> content)
    {
        TemporaryFiles.RemoveLeftovers(SystemDisk.Instance, path);
        string temporary = TemporaryFiles.PathFor(path);
        string? problem = Write(temporary, content) ?? CopyMode(path, temporary) ?? Rename(temporary, path);
        if (problem is not null)
        {
            _ = Files.unlink(temporary);
        }
        return problem ?? SyncDirectory(Paths.FolderOf(path));
    }

    public IReadOnlyList<string> Expand(string pattern)
    {
        string[] parts = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        List<string> paths = [RootOf(pattern)];
        for (int i = paths[0].Length > 1 ? 1 : 0; i < parts.Length; i++)
        {
            paths = ExpandPart(paths, parts[i], isLast: i == parts.Length - 1);
        }
        paths.Sort(StringComparer.Ordinal);
        return paths;
    }

    /// <summary>Where a pattern begins: nowhere if it is relative. Windows has a drive before the slash.</summary>
    private static string RootOf(string pattern)
    {
        if (pattern.StartsWith('/'))
        {
            return "/";
        }
        return OperatingSystem.IsWindows() && Path.IsPathFullyQualified(pattern) ? pattern[..(pattern.IndexOf('/') + 1)] : "";
    }

    private static List<string> ExpandPart(List<string> folders, string part, bool isLast)
    {
        List<string> found = [];
        byte[] glob = ByteText.Encode(part);
        foreach (string folder in folders)
        {
            if (Glob.IsLiteral(glob))
            {
                string path = folder + part;
                if (isLast ? Path.Exists(path) : Directory.Exists(path))
                {
                    found.Add(isLast ? path : path + "/");
                }
                continue;
            }
            foreach (string entry in Entries(folder, isLast))
            {
                // A leading dot hides a name from wildcards.
                if (entry.StartsWith('.') == part.StartsWith('.') && Glob.IsMatch(glob, ByteText.Encode(entry)))
                {
                    found.Add(folder + entry + (isLast ? "" : "/"));
                }
            }
        }
        return found;
    }

    private static IEnumerable<string> Entries(string folder, bool isLast)
    {
        try
        {
            string path = folder.Length == 0 ? "." : folder;
            string[] entries = isLast ? Directory.GetFileSystemEntries(path) : Directory.GetDirectories(path);
            return entries.Select(entry => Path.GetFileName(entry));
        }
        catch (Exception failure) when (IsOfDisk(failure))
        {
            return [];
        }
    }

    private static string? Write(string path, ReadOnlySpan<byte> content)
    {
        int result = SystemDisk.Instance.CreatePrivate(path, out IDiskFile? file);
        using (file)
        {
            if (result >= 0)
            {
                result = file!.Write(content);
            }
            if (result >= 0)
            {
                result = file!.Sync();
            }
        }
        return result < 0 ? ProblemOf(result) : null;
    }

    private static string? CopyMode(string from, string to) => Files.CopyMode(from, to) is < 0 and int result ? ProblemOf(result) : null;

    private static string? Rename(string from, string to) =>
        SystemDisk.Instance.Rename(from, to) is < 0 and int result ? ProblemOf(result) : null;

    private static string? SyncDirectory(string path) =>
        SystemDisk.Instance.SyncFolder(path) is < 0 and int result ? ProblemOf(result) : null;

    private static string ProblemOf(int result) => Errno.Text(-result);

    private static bool IsOfDisk(Exception failure) =>
        failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    private static string ProblemOf(Exception failure, string path) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => NoSuchFile,
        UnauthorizedAccessException => Directory.Exists(path) ? "Is a directory" : "Permission denied",
        _ => failure.Message,
    };
}
