using Bixbite.Protocol;

namespace Bixbite.Commands.Streams.Shared;

/// <summary>
/// The answer of XREAD and XREADGROUP, which begins with the first stream that has something: a map of keys to entries, in RESP2 an array
/// of pairs.
/// </summary>
internal struct StreamsReply(ReplyWriter reply)
{
    private int _mark;

    /// <summary>Streams so far.</summary>
    public int Count { get; private set; }

    /// <summary>Begins the part of the reply that belongs to this key.</summary>
    public void Begin(ReadOnlySpan<byte> key)
    {
        bool isMap = reply.Version != 2;
        if (Count++ == 0)
        {
            _mark = isMap ? reply.BeginMap() : reply.BeginArray();
        }
        if (!isMap)
        {
            reply.Array(2);
        }
        reply.Bulk(key);
    }

    public readonly void End()
    {
        if (reply.Version != 2)
        {
            reply.EndMap(_mark, Count);
        }
        else
        {
            reply.EndArray(_mark, Count);
        }
    }
}
