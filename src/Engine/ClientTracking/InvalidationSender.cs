using Bixbite.Engine.Sessions;
using Bixbite.Memory;
using Bixbite.Protocol;

namespace Bixbite.Engine.ClientTracking;

/// <summary>
/// Brings invalidations to those who are to hear them: the client itself, or the one to which it redirects.
/// <code>
///   RESP3   >2 invalidate            keys           to whom it may concern
///   RESP2   *3 message __redis__:invalidate keys    to a subscriber, and only where somebody redirects to it
///   keys    an array, or null: all keys
/// </code>
/// What the caller is to hear of its own command waits until the reply is written: a message within a reply would tear it.
/// </summary>
internal sealed class InvalidationSender(SessionTable sessions, SessionSlot<SessionTracking> slot, Heap heap)
{
    private const int BufferSizeKept = 4096;

    private readonly ReplyWriter _message = new(new NativeBuffer(heap, 64));
    private readonly ReplyWriter _deferred = new(new NativeBuffer(heap, 64));

    /// <summary>The client whose command runs, if any.</summary>
    internal Session? Caller { get; set; }

    internal bool HasDeferred => _deferred.Buffer.Length > 0;

    /// <summary>Tells the client that a key is no longer what it was.</summary>
    internal void SendKey(Session client, ReadOnlySpan<byte> key)
    {
        if (Begin(client) is { } receiver)
        {
            _message.Array(1);
            _message.Bulk(key);
            End(receiver);
        }
    }

    /// <summary>Tells the client of several keys, encoded as an array already.</summary>
    internal void SendKeys(Session client, ReadOnlySpan<byte> array)
    {
        if (Begin(client) is { } receiver)
        {
            _message.Raw(array);
            End(receiver);
        }
    }

    /// <summary>Tells the client that no key is what it was.</summary>
    internal void SendAll(Session client)
    {
        if (Begin(client) is { } receiver)
        {
            _message.Null();
            End(receiver);
        }
    }

    /// <summary>Writes what the caller is to hear.</summary>
    internal void TakeDeferred(ReplyWriter reply)
    {
        reply.Raw(_deferred.Buffer.Written(0));
        Empty(_deferred);
    }

    /// <summary>Leaves what the caller is to hear to whoever withholds its messages.</summary>
    internal void SetDeferredAside()
    {
        if (HasDeferred)
        {
            Caller!.Send(_deferred.Buffer.Written(0));
            Empty(_deferred);
        }
    }

    /// <summary>Begins the message in the form of the one who gets it; null where nobody does.</summary>
    private Session? Begin(Session client)
    {
        SessionTracking tracking = slot.Of(client)!;
        if (tracking.RedirectId == 0)
        {
            if (client.ProtocolVersion == 2)
            {
                return null;
            }
            BeginPush("invalidate"u8);
            return client;
        }
        if (sessions.Find(tracking.RedirectId) is not { } receiver || receiver.Has(SessionFlags.Closing))
        {
            TellBroken(client, tracking);
            return null;
        }
        if (receiver.ProtocolVersion > 2)
        {
            BeginPush("invalidate"u8);
            return receiver;
        }
        if (!receiver.IsSubscriber)
        {
            return null;
        }
        _message.Version = 2;
        _message.Push(3);
        _message.Bulk("message"u8);
        _message.Bulk("__redis__:invalidate"u8);
        return receiver;
    }

    private void TellBroken(Session client, SessionTracking tracking)
    {
        tracking.IsRedirectBroken = true;
        if (client.ProtocolVersion > 2)
        {
            BeginPush("tracking-redir-broken"u8);
            _message.Integer(tracking.RedirectId);
            End(client);
        }
    }

    private void BeginPush(ReadOnlySpan<byte> kind)
    {
        _message.Version = 3;
        _message.Push(2);
        _message.Bulk(kind);
    }

    private void End(Session receiver)
    {
        ReadOnlySpan<byte> message = _message.Buffer.Written(0);
        if (receiver == Caller)
        {
            _deferred.Raw(message);
        }
        else
        {
            receiver.Send(message);
        }
        Empty(_message);
    }

    private static void Empty(ReplyWriter writer)
    {
        writer.Buffer.Truncate(0);
        writer.Buffer.Shrink(BufferSizeKept);
        writer.Begin();
    }
}
