using Bixbite.Commands.Sets.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Sketches;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Sets;

namespace Bixbite.Commands.Sets;

/// <summary>
/// Unions: SUNION, SUNIONSTORE, SUNIONCARD. Of a few sets each member is looked up in the sets before its own, and nothing is built; of
/// many sets a union is built, and thrown away after the reply.
/// </summary>
public sealed class SUnion
{
    /// <summary>With so many sets at most, looking members up costs less than building a set.</summary>
    private const int LookedUpSetsMax = 4;

    /// <summary>Up to this size the sketch that counts approximately is the compact one.</summary>
    private const int SparseSizeMax = 3000;

    private readonly SetSources _sources = new();

    [Command(
        "sunion", Group = "set", Since = "1.0.0", Arity = -2,
        Flags = "readonly", Keys = "ro access; 1..-1", Tips = "nondeterministic_output_order",
        Complexity = "O(N) with N the number of members of all sets",
        Summary = "Returns the members that any of the sets has.",
        Syntax = "key ...")]
    public void Run(CommandContext context)
    {
        if (!_sources.TryRead(context, firstIndex: 1, context.Count - 1))
        {
            return;
        }
        int mark = context.Reply.BeginSet();
        var answer = new MemberReply(context.Reply);
        UniteInto(context, ref answer);
        context.Reply.EndSet(mark, answer.Count);
    }

    [Command(
        "sunionstore", Group = "set", Since = "1.0.0", Arity = -3,
        Flags = "write denyoom", Keys = "ow update; 1 | ro access; 2..-1",
        Complexity = "O(N) with N the number of members of all sets",
        Summary = "Stores the members that any of the sets has at another key.",
        Syntax = "destination:key key ...")]
    public void SUnionStore(CommandContext context)
    {
        if (!_sources.TryRead(context, firstIndex: 2, context.Count - 2))
        {
            return;
        }
        RecordDraft draft = SetResult.Begin(context);
        Build(ref draft);
        SetResult.Store(context, ref draft, "sunionstore"u8);
    }

    [Command(
        "sunioncard", Group = "set", Since = "8.10.0", Arity = -3,
        Flags = "readonly", Keys = "ro access; numkeys 1",
        Complexity = "O(N) with N the number of members of all sets",
        Summary = "Returns how many members the sets have together, up to a limit.",
        Syntax = "numkeys key ... [APPROX] [LIMIT limit:integer]")]
    public void SUnionCard(CommandContext context)
    {
        if (!SetSources.TryReadKeyCount(context, out int keyCount))
        {
            return;
        }
        long limit = 0;
        bool isApproximate = false;
        var arguments = new ArgumentReader(context, 2 + keyCount);
        while (!arguments.IsAtEnd)
        {
            if (arguments.Match("limit"u8, valueCount: 1))
            {
                limit = arguments.Integer(0, long.MaxValue, ErrorText.LimitNegative);
            }
            else if (arguments.Match("approx"u8))
            {
                isApproximate = true;
            }
            else
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        if (arguments.AnswerFailure() || !_sources.TryRead(context, firstIndex: 2, keyCount))
        {
            return;
        }
        context.Reply.Integer(isApproximate ? Estimate(limit) : CountExactly(context, limit));
    }

    private void UniteInto<TSink>(CommandContext context, ref TSink sink)
        where TSink : struct, IMemberSink
    {
        if (_sources.Sets.Length <= LookedUpSetsMax)
        {
            SetAlgebra.Unite(_sources.Sets, ref sink);
            return;
        }
        RecordDraft draft = context.Database.Draft(default, KeyType.Set);
        Build(ref draft);
        new SetValue(draft.Open()).Stored.CopyTo(ref sink);
        draft.Discard();
    }

    private void Build(ref RecordDraft draft)
    {
        var collector = new MemberCollector(new SetValue(draft.Open()));
        foreach (StoredSet set in _sources.Sets)
        {
            set.CopyTo(ref collector);
        }
    }

    private long CountExactly(CommandContext context, long limit)
    {
        var count = new MemberCount(limit);
        UniteInto(context, ref count);
        return count.Count;
    }

    private long Estimate(long limit)
    {
        Span<byte> empty = stackalloc byte[HyperLogLog.EmptySize];
        HyperLogLog.WriteEmpty(empty);
        var sketch = new ScratchHolder(empty);
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        foreach (StoredSet set in _sources.Sets)
        {
            SetReader reader = set.Read();
            while (reader.MoveNext())
            {
                HyperLogLog.Add(ref sketch, reader.Current.Text(scratch), SparseSizeMax);
            }
        }
        HyperLogLog.TryCount(sketch.Bytes, out ulong estimate);
        sketch.Dispose();
        return limit == 0 ? (long)estimate : Math.Min((long)estimate, limit);
    }
}
