namespace Bixbite.Platform;

/// <summary>A position that several threads raise and none lowers.</summary>
public static class RisingPosition
{
    /// <summary>Raises the position; false if it is there already, or further.</summary>
    public static bool TryRaise(ref long position, long to)
    {
        long before = Volatile.Read(ref position);
        while (to > before)
        {
            long seen = Interlocked.CompareExchange(ref position, to, before);
            if (seen == before)
            {
                return true;
            }
            before = seen;
        }
        return false;
    }
}
