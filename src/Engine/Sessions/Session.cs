using Bixbite.Engine.Lifecycle;
using Bixbite.Keyspace;
using Bixbite.Protocol;

namespace Bixbite.Engine.Sessions;

/// <summary>
/// One client's state on the server between its commands. Changed only by whoever holds the execution lock, except <see
/// cref="ParseState"/>, which belongs to the loop that reads the client's bytes.
/// </summary>
public sealed class Session
{
    /// <summary>Bytes of a session and its connection on the managed heap, estimated.</summary>
    private const long SizeBase = 700;

    public Session(long id, ILink link, Database database, long nowMs)
    {
        Id = id;
        Link = link;
        Database = database;
        Activity = new SessionActivity(nowMs);
        Identity = new ClientIdentity(this);
    }

    public long Id { get; }

    public ILink Link { get; }

    public Database Database { get; set; }

    /// <summary>Takes what the client sends, in the place of requests; null nearly always.</summary>
    public ISessionInput? Input { get; set; }

    /// <summary>2 or 3.</summary>
    public int ProtocolVersion { get; set; } = 2;

    public SessionFlags Flags { get; set; }

    /// <summary>The concerns that may keep its requests from running. The owner of a reason raises it.</summary>
    public Concern Concerns { get; private set; } = Concern.Unauthenticated;

    /// <summary>The password was given, or none is needed.</summary>
    public bool IsAuthenticated
    {
        get => (Concerns & Concern.Unauthenticated) == 0;
        set => Raise(Concern.Unauthenticated, !value);
    }

    public ReplyMode ReplyMode { get; set; }

    /// <summary>It has subscribed to something.</summary>
    public bool IsSubscriber => (Concerns & Concern.Subscriber) != 0;

    public ClientIdentity Identity { get; }

    public SessionActivity Activity { get; }

    /// <summary>Where the parser stands within a request that has not arrived whole; null between requests.</summary>
    public ParseState? ParseState { get; set; }

    /// <summary>
    /// Bytes that the session makes the engine hold: itself, and by their own sums what it watches, has subscribed to, has queued, waits
    /// for. Whoever keeps something for a session tells it by <see cref="Hold"/>, and so when it is gone.
    /// </summary>
    public long StateBytes { get; private set; } = SizeBase;

    /// <summary>All bytes that the client makes the server hold, with the buffers of its link: tot-mem of CLIENT LIST.</summary>
    public long MemoryBytes => StateBytes + Link.InputMemory + Link.OutputMemory;

    /// <summary>The values that capabilities keep for the client, read and written by their <see cref="SessionSlot{T}"/> alone.</summary>
    internal object?[] Slots { get; set; } = [];

    /// <summary>Bytes that it held when its connection was cut; 0 before.</summary>
    internal long LeavingBytes { get; private set; }

    /// <summary>Where the session is counted; null before it is there and after it has gone.</summary>
    internal SessionTable? Table { get; set; }

    /// <summary>Messages that would tear a reply of which a part may be on its way: they wait for the rest. Null nearly always.</summary>
    internal List<byte[]>? Withheld { get; set; }

    /// <summary>Whether the session may run its next request now.</summary>
    public bool IsReady => (Flags & (SessionFlags.Blocked | SessionFlags.Postponed | SessionFlags.Closing | SessionFlags.Gone)) == 0;

    /// <summary>The client runs on this machine.</summary>
    public bool IsLocal => Link.IsLocal;

    public bool Has(SessionFlags flag) => (Flags & flag) != 0;

    public void Set(SessionFlags flag, bool isOn) => Flags = isOn ? Flags | flag : Flags & ~flag;

    /// <summary>Raises a concern of the session's requests, or lowers it.</summary>
    public void Raise(Concern concern, bool isRaised) => Concerns = isRaised ? Concerns | concern : Concerns & ~concern;

    /// <summary>Whether the reply to the latest command waits for a level of durability; asked once for each reply.</summary>
    public bool TakeUnconfirmed()
    {
        bool isUnconfirmed = Has(SessionFlags.Unconfirmed);
        Set(SessionFlags.Unconfirmed, false);
        return isUnconfirmed;
    }

    /// <summary>So many bytes more are held for the session, or fewer where negative.</summary>
    public void Hold(long bytes)
    {
        StateBytes += bytes;
        Table?.CountState(bytes);
    }

    /// <summary>Sends a message that is no reply.</summary>
    /// <param name="message">Copied.</param>
    /// <param name="shared">As for <see cref="ILink.Send"/>.</param>
    public void Send(ReadOnlySpan<byte> message, long shared = 0)
    {
        if (Withheld is { } messages)
        {
            messages.Add(message.ToArray());
            Hold(message.Length);
            return;
        }
        Link.Send(message, shared);
    }

    /// <summary>The reply is whole: what has waited for that follows.</summary>
    internal void SendWithheld()
    {
        List<byte[]> messages = Withheld!;
        Withheld = null;
        foreach (byte[] message in messages)
        {
            Hold(-message.Length);
            Link.Send(message);
        }
    }

    /// <summary>Closes the connection now, whatever was to be sent: no request of the client runs any more.</summary>
    public void Cut()
    {
        if (!Has(SessionFlags.Gone) && Table is { } table)
        {
            LeavingBytes = MemoryBytes;
            table.CountLeaving(LeavingBytes);
        }
        Set(SessionFlags.Gone, true);
        Link.Abort();
    }

    /// <summary>Lets the replies written so far go out and then closes.</summary>
    public void Close()
    {
        Set(SessionFlags.Closing, true);
        Link.CloseAfterFlush();
    }
}
