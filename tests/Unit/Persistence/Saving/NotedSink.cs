using Bixbite.Persistence.Transfer;
using Bixbite.Platform;

namespace Bixbite.Unit.Persistence.Saving;

/// <summary>Keeps what it gets; from some byte on it fails, or takes nothing.</summary>
internal sealed class NotedSink(string name) : IByteSink
{
    private volatile bool _isAsked;

    public string Name => name;

    public List<byte> Bytes { get; } = [];

    /// <summary>"whole", or why it is not.</summary>
    public string End { get; private set; } = "open";

    public int FailureAt { get; init; } = int.MaxValue;

    public int FullAt { get; init; } = int.MaxValue;

    /// <summary>It was offered bytes that it had no room for.</summary>
    public bool IsAsked => _isAsked;

    public Action? RoomMade { private get; set; }

    public int TryWrite(ReadOnlySpan<byte> bytes)
    {
        if (Bytes.Count + bytes.Length > FailureAt)
        {
            return -Errno.EPIPE;
        }
        int count = Math.Min(bytes.Length, FullAt - Bytes.Count);
        _isAsked = count == 0;
        Bytes.AddRange(bytes[..count]);
        return count;
    }

    public void Close(string? problem) => End = problem ?? "whole";
}
