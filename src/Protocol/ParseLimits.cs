namespace Bixbite.Protocol;

/// <summary>
/// The limits of a connection's requests right now. A connection that has not authenticated yet gets small limits, and one request per
/// call: the request after AUTH may already use the full ones.
/// </summary>
/// <param name="BulkSizeMax">proto-max-bulk-len, in bytes; more is an invalid bulk length.</param>
/// <param name="IsUnauthenticated">At most 10 arguments of at most 16 KiB.</param>
/// <param name="RequestCountMax">The most requests one call adds.</param>
public readonly record struct ParseLimits(long BulkSizeMax, bool IsUnauthenticated = false, int RequestCountMax = int.MaxValue)
{
    private const int UnauthenticatedArgumentCountMax = 10;
    private const int UnauthenticatedBulkSizeMax = 16 * 1024;

    /// <summary>An argument's length and the offsets in an input are 32-bit numbers.</summary>
    private const long BulkSizeAddressable = int.MaxValue / 2;

    internal int ArgumentCountMax => IsUnauthenticated ? UnauthenticatedArgumentCountMax : int.MaxValue;

    /// <summary>More is an invalid length whoever sends it.</summary>
    internal long BulkSizeHeld => Math.Min(BulkSizeMax, BulkSizeAddressable);

    internal long BulkSizeAllowed => IsUnauthenticated ? Math.Min(UnauthenticatedBulkSizeMax, BulkSizeHeld) : BulkSizeHeld;

    /// <summary>The limits under the default configuration.</summary>
    public static ParseLimits Default => new(512L * 1024 * 1024);

    /// <summary>The limits before authentication.</summary>
    public static ParseLimits Unauthenticated => new(512L * 1024 * 1024, true, 1);
}
