using System.Globalization;

namespace Bixbite.Platform;

/// <summary>
/// Names of files that take another's place when they are whole, and have the writing process' number until then. Where a process is killed
/// meanwhile its file stays, and is of no use to anybody.
/// </summary>
public static class TemporaryFiles
{
    private const string Mark = ".tmp-";

    /// <summary>Where this process writes what is to be at a path.</summary>
    public static string PathFor(string path) => string.Create(CultureInfo.InvariantCulture, $"{path}{Mark}{Environment.ProcessId}");

    /// <summary>
    /// Deletes files that were to be at a path, of processes that are gone and of this one, which is writing none. One that cannot be
    /// deleted is left.
    /// </summary>
    public static void RemoveLeftovers(IDisk disk, string path)
    {
        string start = Path.GetFileName(path) + Mark;
        RemoveLeftovers(disk, Paths.FolderOf(path), name =>
            name.StartsWith(start, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(start.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int processId)
                ? processId
                : null);
    }

    /// <summary>The same for files of other names in a folder.</summary>
    /// <param name="disk">Has them.</param>
    /// <param name="folder">Where they are.</param>
    /// <param name="processOf">Whose file has this name; null for one that is none of these files.</param>
    public static void RemoveLeftovers(IDisk disk, string folder, Func<string, int?> processOf)
    {
        foreach (string name in disk.List(folder))
        {
            if (processOf(name) is { } processId && !IsAnother(processId))
            {
                _ = disk.Delete(Path.Combine(folder, name));
            }
        }
    }

    private static bool IsAnother(int processId) => processId != Environment.ProcessId && ProcessFacts.IsRunning(processId);
}
