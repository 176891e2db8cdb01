using System.Diagnostics;

namespace Bixbite.Types.Hashes;

/// <summary>What the keyspace must know of hash fields that expire.</summary>
public static class FieldDeadlines
{
    /// <summary>No field expires.</summary>
    public const long None = long.MaxValue;

    /// <summary>
    /// When the next field of the hash at this address expires, in Unix milliseconds, or some time before that; or <see cref="None"/>.
    /// </summary>
    public static long NextMsAt(ulong value) => throw new UnreachableException();

    /// <summary>Removes up to so many fields whose time was before <paramref name="nowMs"/>, and returns how many.</summary>
    public static int RemoveDue(in ValueSlot slot, long nowMs, int countMax) => throw new UnreachableException();
}
