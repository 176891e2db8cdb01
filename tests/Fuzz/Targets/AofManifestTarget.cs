using Bixbite.Persistence.Aof;

namespace Bixbite.Fuzz.Targets;

/// <summary>A manifest is refused with a reason, or read; and what was read is the same after it was written and read again.</summary>
internal static class AofManifestTarget
{
    public static IReadOnlyList<byte[]> Seeds { get; } = FuzzTarget.Text(
        "file appendonly.aof.2.base.rdb seq 2 type b\nfile a.1.incr.aof seq 1 type h\nfile a.2.incr.aof seq 2 type i\n",
        "# comment\nfile \"a b\\x00\\\"\" seq 1 type b\n",
        "file 'it' seq -1 type b later value\n");

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (!AofManifest.TryParse(input, out AofManifest? manifest, out string? problem))
        {
            if (problem.Length == 0)
            {
                throw new InvalidOperationException("A manifest is refused without a reason.");
            }
            return;
        }
        byte[] text = manifest.Format();
        if (text.Length == 0 || text.AsSpan().IndexOfAnyExceptInRange((byte)'\n', (byte)'~') >= 0 || HasLongLine(text))
        {
            return;
        }
        if (!AofManifest.TryParse(text, out AofManifest? again, out problem))
        {
            throw new InvalidOperationException($"A manifest is not read back: {problem}");
        }
        if (!again.Format().AsSpan().SequenceEqual(text))
        {
            throw new InvalidOperationException("A manifest changes when it is read back.");
        }
    }

    /// <summary>Escapes may make a name too long for a line.</summary>
    private static bool HasLongLine(byte[] text)
    {
        foreach (Range line in text.AsSpan().Split((byte)'\n'))
        {
            if (text[line].Length >= 1024)
            {
                return true;
            }
        }
        return false;
    }
}
