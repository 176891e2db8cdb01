using Bixbite.Net.Channels;
using Bixbite.Platform;

namespace Bixbite.Unit.Net.Channels;

/// <summary>
/// Takes all that comes at once and hands it out in small pieces. Now and then a read waits for room, or a write for input, without
/// having moved anything; the event follows by itself a little later.
/// </summary>
internal sealed class AwkwardChannel(PipeChannel inner, int seed) : ByteChannel, IChannelUser
{
    private readonly Random _random = new(seed);
    private readonly byte[] _kept = new byte[16 * 1024];
    private IChannelUser? _user;
    private int _start;
    private int _end;

    public override int Descriptor => -1;

    public override bool IsLocal => true;

    public override int FormatPeerAddress(Span<byte> text) => inner.FormatPeerAddress(text);

    public override int FormatLocalAddress(Span<byte> text) => inner.FormatLocalAddress(text);

    public override void Attach(IChannelUser user)
    {
        _user = user;
        inner.Attach(this);
    }

    public bool Post(Action action, bool mayRun = false) => _user!.Post(action);

    public void Note(ChannelEvents events) => _user!.Note(events);

    public override Transfer Read(Span<byte> room)
    {
        if (_random.Next(4) == 0)
        {
            return Later(ChannelNext.Writable, ChannelEvents.Writable);
        }
        if (_start == _end)
        {
            Transfer transfer = inner.Read(_kept);
            if (transfer.Count == 0)
            {
                return transfer;
            }
            (_start, _end) = (0, transfer.Count);
        }
        int count = Math.Min(Math.Min(_end - _start, room.Length), _random.Next(1, 2000));
        _kept.AsSpan(_start, count).CopyTo(room);
        _start += count;
        return new Transfer(count, ChannelNext.Ready);
    }

    public override Transfer Write(ReadOnlySpan<IoVector> pieces, int size)
    {
        if (_random.Next(4) == 0)
        {
            return Later(ChannelNext.Readable, ChannelEvents.Readable);
        }
        return inner.Write(pieces, size);
    }

    public override void EndWriting() => inner.EndWriting();

    public override void Close() => inner.Close();

    private Transfer Later(ChannelNext next, ChannelEvents events)
    {
        _user!.Post(() => _user.Note(events));
        return new Transfer(0, next);
    }
}
