using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;

namespace Bixbite.Engine.Execution;

/// <summary>Writes elements of a collection, each drawn at random among all of them.</summary>
public interface IElementDraw
{
    /// <summary>Draws and writes so many.</summary>
    void Draw(int count);
}

/// <summary>
/// A reply of as many drawn elements as the client asks for, which may be any number, so it is made in slices: when the client has taken
/// what was written, its request is presented again and goes on. The session keeps this meanwhile, and runs nothing else.
/// <code>
///   request ── header, slice ──> client takes it ── the same request, presented again: slice ──> ... ──> last slice, request consumed
/// </code>
/// Each slice draws from the collection as it then is. If it is gone by then, the rest repeats what the first slice began with.
/// </summary>
public sealed class UnfinishedReply
{
    /// <summary>Where nothing may come in between (a transaction, a log), more is out of range.</summary>
    public const long AtOnceMax = 1_000_000;

    private const int SliceCountMax = 4 * 1024;
    private const int SliceSizeMax = 128 * 1024;
    private const int ChunkCountMax = 64;
    private const int SampleCountMax = 16;
    private const int SampleSizeMax = 4 * 1024;

    private readonly List<byte[]> _sample = [];
    private long _left;
    private int _next;

    private UnfinishedReply(long count) => _left = count;

    /// <summary>The command's key: used once, however many slices its reply takes.</summary>
    public static KeyRef Find(CommandContext context, int index) =>
        context.Unfinished is null ? context.KeyToRead(index) : context.Keys.Peek(context.Database, context[index]);

    /// <summary>
    /// True if slices were written of a collection that is not there any more: the reply has gone on without it.
    /// </summary>
    public static bool GoesOnWithout(CommandContext context, in KeyRef at, KeyType type)
    {
        if (context.Unfinished is not { } unfinished || (at.Exists && at.Record.Type == type))
        {
            return false;
        }
        var repetition = new Repetition(unfinished, context.Reply);
        unfinished.WriteSlice(context, ref repetition);
        return true;
    }

    /// <summary>
    /// Writes the first or the next slice of a reply of <paramref name="count"/> elements, headed by an array of <paramref name="size"/>.
    /// </summary>
    public static void Write<TDraw>(CommandContext context, long size, long count, ref TDraw draw)
        where TDraw : struct, IElementDraw, allows ref struct
    {
        if (context.Unfinished is { } unfinished)
        {
            unfinished.WriteSlice(context, ref draw);
            return;
        }
        if (!context.MayBlock && count > AtOnceMax)
        {
            context.Reply.Error(ErrorText.OutOfRange);
            return;
        }
        context.Reply.Array(size);
        var reply = new UnfinishedReply(count);
        if (count > SliceCountMax)
        {
            reply.TakeSample(context.Reply, ref draw);
        }
        reply.WriteSlice(context, ref draw);
    }

    private void TakeSample<TDraw>(ReplyWriter reply, ref TDraw draw)
        where TDraw : struct, IElementDraw, allows ref struct
    {
        int size = 0;
        while (_sample.Count < SampleCountMax && size <= SampleSizeMax && !reply.IsUnwanted)
        {
            int mark = reply.BeginWhole();
            int start = reply.Buffer.Length;
            draw.Draw(1);
            _left--;
            ReadOnlySpan<byte> element = reply.Buffer.Written(start);
            reply.EndWhole(mark);
            size += element.Length;
            if (size <= SampleSizeMax || _sample.Count == 0)
            {
                _sample.Add(element.ToArray());
            }
        }
    }

    /// <summary>As much as others can well wait for; the rest too where they have to.</summary>
    private void WriteSlice<TDraw>(CommandContext context, ref TDraw draw)
        where TDraw : struct, IElementDraw, allows ref struct
    {
        ReplyWriter reply = context.Reply;
        long sliceEnd = context.MayBlock ? Math.Max(_left - SliceCountMax, 0) : 0;
        long start = reply.ClientSize;
        int chunk = 1;
        while (_left > sliceEnd && !reply.IsUnwanted)
        {
            int count = (int)Math.Min(chunk, _left - sliceEnd);
            long before = reply.ClientSize;
            draw.Draw(count);
            _left -= count;
            if (context.MayBlock && reply.ClientSize - start > SliceSizeMax)
            {
                break;
            }
            long elementSize = ((reply.ClientSize - before) / count) + 1;
            chunk = (int)Math.Clamp(SliceSizeMax / elementSize, 1, ChunkCountMax);
        }
        bool isDone = _left == 0 || reply.IsUnwanted;
        context.Unfinished = isDone ? null : this;
    }

    /// <summary>Repeats what the sample has.</summary>
    private readonly struct Repetition(UnfinishedReply unfinished, ReplyWriter reply) : IElementDraw
    {
        public void Draw(int count)
        {
            for (; count > 0; count--)
            {
                reply.Raw(unfinished._sample[unfinished._next++ % unfinished._sample.Count]);
            }
        }
    }
}
