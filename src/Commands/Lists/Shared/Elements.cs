using Bixbite.Engine.Execution;
using Bixbite.Engine.Propagation;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Lists;

namespace Bixbite.Commands.Lists.Shared;

/// <summary>Answering elements, and taking them away.</summary>
internal static class Elements
{
    public static void Answer(ReplyWriter reply, ListpackEntry element)
    {
        if (element.IsInteger)
        {
            reply.BulkInteger(element.Integer);
        }
        else
        {
            reply.Bulk(element.Bytes);
        }
    }

    /// <summary>Answers so many elements, which there must be, as an array.</summary>
    public static void AnswerRange(ReplyWriter reply, ListValue list, long index, long count, bool isBackward = false)
    {
        reply.Array((int)count);
        ListReader reader = list.Read(index, count, isBackward);
        while (reader.MoveNext())
        {
            Answer(reply, reader.Current);
        }
    }

    /// <summary>Answers the element at an end as a bulk string and takes it away.</summary>
    public static void PopOne(CommandContext context, ref KeyRef at, ReadOnlySpan<byte> key, ListEnd end)
    {
        var list = new ListValue(context.Database.Edit(at));
        Answer(context.Reply, list.Peek(end));
        Drop(context, ref at, key, end, 1, changeCount: 1);
    }

    /// <summary>Answers up to so many elements from an end, the outermost first, and takes them away; returns how many.</summary>
    public static long PopSome(CommandContext context, ref KeyRef at, ReadOnlySpan<byte> key, ListEnd end, long countMax)
    {
        var list = new ListValue(context.Database.Edit(at));
        long listCount = list.Count;
        long count = Math.Min(countMax, listCount);
        AnswerRange(context.Reply, list, end == ListEnd.Left ? 0 : listCount - 1, count, isBackward: end == ListEnd.Right);
        Drop(context, ref at, key, end, count, changeCount: count);
        return count;
    }

    /// <summary>
    /// Moves an element from an end of the list at argument 1, which exists, to an end of the one at argument 2, and answers it.
    /// </summary>
    public static void MoveOne(CommandContext context, ListEnd from, ListEnd to)
    {
        ReadOnlySpan<byte> sourceKey = context[1];
        ReadOnlySpan<byte> targetKey = context[2];
        KeyRef source = context.Keys.Peek(context.Database, sourceKey);
        // The reply holds the only copy of the element once it is taken from its list.
        ReadOnlySpan<byte> element = AnswerCopy(context.Reply, new ListValue(context.Database.Open(source)).Peek(from));
        if (sourceKey.SequenceEqual(targetKey))
        {
            new ListValue(context.Database.Edit(source)).Rotate(from, to, element);
            context.Changed(targetKey, KeyEventClass.List, ListEnds.PushEvent(to));
            context.Changed(sourceKey, KeyEventClass.List, ListEnds.PopEvent(from), count: 0);
            return;
        }
        Push(context, targetKey, to, element);
        source = context.Keys.Peek(context.Database, sourceKey);
        Drop(context, ref source, sourceKey, from, 1, changeCount: 0);
    }

    /// <summary>
    /// Moves elements from an end of the list at argument 1, which has so many, to an end of the one at argument 2, and answers them as
    /// they then stand, from left to right: as they stood, or in the reversed order.
    /// </summary>
    public static void MoveSome(CommandContext context, ListEnd from, ListEnd to, long count, bool isReversed)
    {
        ReadOnlySpan<byte> sourceKey = context[1];
        ReadOnlySpan<byte> targetKey = context[2];
        KeyRef source = context.Keys.Peek(context.Database, sourceKey);
        // Built aside, since source and target may be the same list.
        RecordDraft draft = context.Database.Draft(targetKey, KeyType.List);
        var moved = new ListValue(draft.Open());
        var list = new ListValue(context.Database.Edit(source));
        long first = from == ListEnd.Left ? 0 : list.Count - count;
        ListReader reader = list.Read(isReversed ? first + count - 1 : first, count, isReversed);
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        while (reader.MoveNext())
        {
            moved.Append(reader.Current.Text(scratch));
        }
        AnswerRange(context.Reply, moved, 0, count);
        RepeatMove(context, from, to, moved, isAll: count == list.Count);
        list.Drop(from, count);
        PushAll(context, targetKey, to, moved);
        draft.Discard();
        source = context.Keys.Peek(context.Database, sourceKey);
        context.Changed(sourceKey, KeyEventClass.List, ListEnds.PopEvent(from), count: 0);
        if (new ListValue(context.Database.Open(source)).IsEmpty)
        {
            RemoveKey(context, ref source, sourceKey);
        }
    }

    /// <summary>
    /// Has the move repeated by what every server knows: elements go, and come. A list that would be gone in between, with when it expires,
    /// is changed where it stands; it is the same if the order is.
    /// </summary>
    private static void RepeatMove(CommandContext context, ListEnd from, ListEnd to, ListValue moved, bool isAll)
    {
        Effects effects = context.Effects;
        if (!effects.IsWanted)
        {
            return;
        }
        bool staysInPlace = isAll && context[1].SequenceEqual(context[2]);
        effects.Suppress();
        if (!staysInPlace)
        {
            effects.Write(from == ListEnd.Left ? "LPOP"u8 : "RPOP"u8, context[1], moved.Count);
            effects.Begin(2 + (int)moved.Count);
            effects.Add(to == ListEnd.Left ? "LPUSH"u8 : "RPUSH"u8);
            effects.Add(context[2]);
        }
        bool isBackward = !staysInPlace && to == ListEnd.Left;
        ListReader reader = moved.Read(isBackward ? moved.Count - 1 : 0, moved.Count, isBackward);
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        for (long i = 0; reader.MoveNext(); i++)
        {
            if (staysInPlace)
            {
                effects.Begin(4);
                effects.Add("LSET"u8);
                effects.Add(context[2]);
                effects.Add(i);
            }
            effects.Add(reader.Current.Text(scratch));
        }
    }

    private static void PushAll(CommandContext context, ReadOnlySpan<byte> key, ListEnd end, ListValue elements)
    {
        KeyRef at = context.Keys.Peek(context.Database, key);
        if (!at.Exists)
        {
            context.Database.Create(ref at, key, KeyType.List);
        }
        var list = new ListValue(context.Database.Edit(at));
        long count = elements.Count;
        ListReader reader = elements.Read(end == ListEnd.Left ? count - 1 : 0, count, isBackward: end == ListEnd.Left);
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        while (reader.MoveNext())
        {
            ReadOnlySpan<byte> element = reader.Current.Text(scratch);
            list.Expect(1, element.Length);
            list.Push(end, element);
        }
        context.Changed(key, KeyEventClass.List, ListEnds.PushEvent(end), count);
    }

    /// <summary>Adds an element to a list that is created if it is missing, and tells it.</summary>
    private static void Push(CommandContext context, ReadOnlySpan<byte> key, ListEnd end, ReadOnlySpan<byte> element)
    {
        KeyRef at = context.Keys.Peek(context.Database, key);
        if (!at.Exists)
        {
            context.Database.Create(ref at, key, KeyType.List);
        }
        var list = new ListValue(context.Database.Edit(at));
        list.Expect(1, element.Length);
        list.Push(end, element);
        context.Changed(key, KeyEventClass.List, ListEnds.PushEvent(end));
    }

    /// <summary>Answers an element; returns its text in the reply, valid until more is written.</summary>
    private static ReadOnlySpan<byte> AnswerCopy(ReplyWriter reply, ListpackEntry element)
    {
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        ReadOnlySpan<byte> text = element.Text(scratch);
        Span<byte> copy = reply.ReserveBulk(text.Length);
        text.CopyTo(copy);
        return copy;
    }

    /// <summary>Takes elements away from an end, and the key with the last one, and tells it.</summary>
    private static void Drop(
        CommandContext context, ref KeyRef at, ReadOnlySpan<byte> key, ListEnd end, long count, long changeCount)
    {
        var list = new ListValue(context.Database.Edit(at));
        list.Drop(end, count);
        bool isEmpty = list.IsEmpty;
        context.Changed(key, KeyEventClass.List, ListEnds.PopEvent(end), changeCount);
        if (isEmpty)
        {
            RemoveKey(context, ref at, key);
        }
    }

    /// <summary>Removes the key of a list that has become empty, and tells it.</summary>
    public static void RemoveKey(CommandContext context, ref KeyRef at, ReadOnlySpan<byte> key)
    {
        context.Database.Remove(ref at);
        context.Changed(key, KeyEventClass.Generic, "del"u8, count: 0);
    }
}
