using Bixbite.Engine.Sessions;
using Bixbite.Memory;
using Bixbite.Net;

namespace Bixbite.Hosting;

/// <summary>
/// A session's way to a client on a socket of an event loop. What another loop does to the client is left in the inbox of its own.
/// </summary>
internal sealed class SocketLink(Connection connection) : ILink
{
    public Connection Connection { get; } = connection;

    public string PeerAddress => Connection.PeerAddress;

    public bool IsLocal => Connection.IsLocal;

    public int Descriptor => Connection.Descriptor;

    public bool IsUnixSocket => Connection.IsUnixSocket;

    public bool IsEncrypted => Connection.IsEncrypted;

    public uint? PeerUserId => Connection.PeerCredentials?.UserId;

    /// <remarks>Another loop may be at it: nobody waits for an exact figure, but there is none below zero.</remarks>
    public long PendingInput => Math.Max(Connection.PendingInput, 0);

    /// <remarks>As <see cref="PendingInput"/>.</remarks>
    public long PendingOutput => Math.Max(Connection.PendingOutput, 0);

    public int FormatPeerAddress(Span<byte> text) => Connection.FormatPeerAddress(text);

    public int FormatLocalAddress(Span<byte> text) => Connection.FormatLocalAddress(text);

    public long InputMemory => Connection.InputMemory;

    public long OutputMemory => Connection.OutputMemory;

    public long BytesSent => Connection.BytesSent;

    public IReadOnlyList<RequestTime> Times => [.. Enum.GetValues<ServiceStage>().Select(TimeOf)];

    public int Lines
    {
        get => Connection.Lines;
        set => Connection.Lines = value;
    }

    private RequestTime TimeOf(ServiceStage stage)
    {
        StageTime time = ServiceTimes.Of(Connection)?[stage] ?? default;
        return new RequestTime(stage.ToString().ToLowerInvariant(), time.Count, time.TotalUs, time.MaxUs, time.LastUs);
    }

    public void Hold(int line, long position)
    {
        if (Connection.Loop.IsCurrent)
        {
            Connection.Hold(line, position);
        }
    }

    public void Send(ReadOnlySpan<byte> bytes, long shared) => Connection.Deliver(bytes, shared);

    public void SendReply(ReadOnlySpan<byte> reply, bool isUnconfirmed) => Connection.Deliver(reply, isReply: isUnconfirmed);

    public bool TryNoteReply(int clientStart, long size)
    {
        if (Connection.Loop.Replying != Connection)
        {
            return false;
        }
        Connection.NoteHeldReply(clientStart, size);
        return true;
    }

    public void LimitHolding(int lines, long limitMs, byte[] lateReply) =>
        Connection.LimitHolding(lines, Math.Min(limitMs, long.MaxValue / 4000) * 1000, lateReply);

    public void SendFrom(IByteSource source) => Connection.Source = source;

    public void BundlePackets() => Connection.BundlePackets();

    public void NoteSource() => Connection.NoteSource();

    public void CloseAfterFlush() => Connection.Deliver(ConnectionOrder.CloseAfterFlush);

    public void Abort() => Connection.Deliver(ConnectionOrder.Abort);

    public void Resume() => Connection.Deliver(ConnectionOrder.ResumeReading);
}
