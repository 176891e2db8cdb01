namespace Bixbite.Net;

/// <summary>
/// How much output may wait for a connection: never more than <paramref name="HardBytes"/>, and not more than
/// <paramref name="SoftBytes"/> for longer than <paramref name="SoftSeconds"/>. A limit of 0 bytes is none.
/// </summary>
public readonly record struct OutputLimit(long HardBytes, long SoftBytes, int SoftSeconds);
