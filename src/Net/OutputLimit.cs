namespace Bixbite.Net;

/// <summary>
/// How much output may wait for a connection: never more than <paramref name="HardBytes"/>, and not more than
/// <paramref name="SoftBytes"/> for longer than <paramref name="SoftSeconds"/>. A limit of 0 bytes is none.
/// </summary>
public readonly record struct OutputLimit(long HardBytes, long SoftBytes, int SoftSeconds)
{
    /// <summary>So much a socket surely takes.</summary>
    private const long Slack = 16 * 1024;

    /// <summary>With more output than this a connection is dropped before its socket is tried.</summary>
    public long UntriedBytesMax => HardBytes is 0 or > long.MaxValue - Slack ? long.MaxValue : HardBytes + Slack;
}
