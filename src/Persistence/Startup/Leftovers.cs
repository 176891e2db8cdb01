using System.Globalization;
using Bixbite.Platform;

namespace Bixbite.Persistence.Startup;

/// <summary>
/// The names of snapshots that are being written, received or sent, and of files of the stream to replicas that still have one, and what
/// processes that were killed have left of them: <c>temp-PID.rdb</c>, <c>temp-PID-received-N.rdb</c>, <c>temp-PID-sync-N.rdb</c>,
/// <c>temp-PID-stream-HEX.log</c>.
/// </summary>
internal static class Leftovers
{
    private const string Start = "temp-";
    private const string SnapshotEnd = ".rdb";
    private const string StreamEnd = ".log";

    private static readonly string[] s_uses = ["received", "sync"];

    /// <summary>Deletes those in a folder of processes that are gone, and of this one, which has none yet.</summary>
    public static void Remove(IDisk disk, string folder) => TemporaryFiles.RemoveLeftovers(disk, folder, ProcessOf);

    /// <summary>The process that a file is named after; null if it is none of these.</summary>
    private static int? ProcessOf(string name)
    {
        if (!name.StartsWith(Start, StringComparison.Ordinal) || Path.GetExtension(name) is not (SnapshotEnd or StreamEnd))
        {
            return null;
        }
        string[] parts = Path.GetFileNameWithoutExtension(name)[Start.Length..].Split('-');
        bool isOne = name.EndsWith(StreamEnd, StringComparison.Ordinal)
            ? parts.Length == 3 && parts[1] == "stream" && parts[2].All(char.IsAsciiHexDigitLower)
            : parts.Length == 1 || (parts.Length == 3 && s_uses.Contains(parts[1]) && IsNumber(parts[2], out _));
        return isOne && IsNumber(parts[0], out int processId) ? processId : null;
    }

    private static bool IsNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
