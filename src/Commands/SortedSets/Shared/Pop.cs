using Bixbite.Engine.Execution;
using Bixbite.Engine.Propagation;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.SortedSets;

namespace Bixbite.Commands.SortedSets.Shared;

/// <summary>How the elements that are taken off one end of a sorted set are answered.</summary>
internal enum PopReply
{
    /// <summary>Members and scores in turns: ZPOPMIN without a count.</summary>
    Flat,

    /// <summary>Flat in RESP2, an array of pairs in RESP3: ZPOPMIN with a count.</summary>
    Pairs,

    /// <summary>The key before members and scores in turns: BZPOPMIN.</summary>
    KeyFlat,

    /// <summary>The key and an array of pairs: ZMPOP.</summary>
    KeyPairs,
}

/// <summary>Taking elements off one end: what ZPOPMIN, ZMPOP, BZPOPMIN and their kin do once they have found a sorted set.</summary>
internal readonly struct Pop(bool isMax, long count, PopReply form)
{
    /// <summary>Takes elements off the sorted set that is at this key.</summary>
    public void Take(CommandContext context, ref KeyRef at, ReadOnlySpan<byte> key)
    {
        var set = new SortedSetValue(context.Database.Edit(at));
        long total = set.Count;
        long taken = Math.Min(count, total);
        var range = new RankRange(isMax ? total - taken : 0, taken);
        Answer(context.Reply, key, taken, set.Read(range, isReversed: isMax));
        if (taken == total)
        {
            context.Database.Remove(ref at);
        }
        else
        {
            set.RemoveRange(range);
        }
        context.Changed(key, KeyEventClass.SortedSet, isMax ? "zpopmax"u8 : "zpopmin"u8, taken);
        if (taken == total)
        {
            context.Changed(key, KeyEventClass.Generic, "del"u8, count: 0);
        }
        Repeat(context.Effects, key, taken);
    }

    /// <summary>Propagates the pop as one that neither searches nor waits for the key.</summary>
    private void Repeat(Effects effects, ReadOnlySpan<byte> key, long taken)
    {
        ReadOnlySpan<byte> name = isMax ? "ZPOPMAX"u8 : "ZPOPMIN"u8;
        if (form == PopReply.KeyFlat)
        {
            effects.Write(name, key);
        }
        else if (form == PopReply.KeyPairs)
        {
            effects.Write(name, key, taken);
        }
    }

    /// <summary>The elements are answered before they go: their bytes go with them.</summary>
    private void Answer(ReplyWriter reply, ReadOnlySpan<byte> key, long taken, SortedSetReader reader)
    {
        bool isNested = form == PopReply.KeyPairs || (form == PopReply.Pairs && reply.Version > 2);
        int elements = (int)(isNested ? taken : taken * 2);
        switch (form)
        {
            case PopReply.KeyFlat:
                reply.Array(elements + 1);
                reply.Bulk(key);
                break;
            case PopReply.KeyPairs:
                reply.Array(2);
                reply.Bulk(key);
                reply.Array(elements);
                break;
            default:
                reply.Array(elements);
                break;
        }
        while (reader.MoveNext())
        {
            if (isNested)
            {
                reply.Array(2);
            }
            reply.Bulk(reader.Member);
            reply.Double(reader.Score);
        }
    }
}
