namespace Bixbite.Persistence.Aof;

/// <summary>How an append only log is loaded.</summary>
/// <param name="CutsTornTail">
/// A request that is not whole at the end of the last file is cut off and kept aside (aof-load-truncated); otherwise it stops the loading.
/// </param>
/// <param name="DamagedTailSizeMax">
/// Damage that begins at most so many bytes before the end of the last file is cut off likewise (aof-load-corrupt-tail-max-size).
/// </param>
/// <param name="NowMs">Unix milliseconds.</param>
/// <param name="IsChecked">The checksum of a base in the RDB format must be right.</param>
/// <param name="KeyDelayUs">A rest after each key and request, in microseconds, for tests (key-load-delay).</param>
internal sealed record AofLoadOptions(
    bool CutsTornTail = true, long DamagedTailSizeMax = 0, long NowMs = 0, bool IsChecked = true, int KeyDelayUs = 0);
