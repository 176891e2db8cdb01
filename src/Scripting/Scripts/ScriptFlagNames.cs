using Bixbite.Structures.Text;

namespace Bixbite.Scripting.Scripts;

/// <summary>The names of flags, in the order in which they are listed.</summary>
public static class ScriptFlagNames
{
    private static readonly (byte[] Name, ScriptFlags Flag)[] s_all =
    [
        ("no-writes"u8.ToArray(), ScriptFlags.NoWrites),
        ("allow-oom"u8.ToArray(), ScriptFlags.AllowOom),
        ("allow-stale"u8.ToArray(), ScriptFlags.AllowStale),
        ("no-cluster"u8.ToArray(), ScriptFlags.NoCluster),
        ("allow-cross-slot-keys"u8.ToArray(), ScriptFlags.AllowCrossSlotKeys),
    ];

    /// <summary>The flag of a name; none if it is no flag's.</summary>
    /// <param name="name">The name.</param>
    /// <param name="ignoresCase">In any letter case, as functions name flags; scripts name them as they are written.</param>
    public static ScriptFlags Find(ReadOnlySpan<byte> name, bool ignoresCase)
    {
        foreach ((byte[] known, ScriptFlags flag) in s_all)
        {
            if (ignoresCase ? Ascii.EqualsIgnoreCase(name, known) : name.SequenceEqual(known))
            {
                return flag;
            }
        }
        return ScriptFlags.None;
    }

    /// <summary>The names of these flags.</summary>
    public static IReadOnlyList<byte[]> Of(ScriptFlags flags) =>
        [.. s_all.Where(each => flags.HasFlag(each.Flag)).Select(static each => each.Name)];
}
