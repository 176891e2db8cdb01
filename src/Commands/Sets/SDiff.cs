using Bixbite.Commands.Sets.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.Sets;

namespace Bixbite.Commands.Sets;

/// <summary>
/// Differences: SDIFF, SDIFFSTORE, SDIFFCARD. Either the first set's members are looked up in all others, or a copy of the first set loses
/// the members of the others, whichever costs less.
/// </summary>
public sealed class SDiff
{
    private readonly SetSources _sources = new();

    [Command(
        "sdiff", Group = "set", Since = "1.0.0", Arity = -2,
        Flags = "readonly", Keys = "ro access; 1..-1", Tips = "nondeterministic_output_order",
        Complexity = "O(N) with N the number of members of all sets",
        Summary = "Returns the members of the first set that no other set has.",
        Syntax = "key ...")]
    public void Run(CommandContext context)
    {
        if (!_sources.TryRead(context, firstIndex: 1, context.Count - 1))
        {
            return;
        }
        int mark = context.Reply.BeginSet();
        var answer = new MemberReply(context.Reply);
        SubtractInto(context, ref answer);
        context.Reply.EndSet(mark, answer.Count);
    }

    [Command(
        "sdiffstore", Group = "set", Since = "1.0.0", Arity = -3,
        Flags = "write denyoom", Keys = "ow update; 1 | ro access; 2..-1",
        Complexity = "O(N) with N the number of members of all sets",
        Summary = "Stores the members of the first set that no other set has at another key.",
        Syntax = "destination:key key ...")]
    public void SDiffStore(CommandContext context)
    {
        if (!_sources.TryRead(context, firstIndex: 2, context.Count - 2))
        {
            return;
        }
        RecordDraft draft = SetResult.Begin(context);
        if (IsLookUpCheaper())
        {
            var collector = new MemberCollector(new SetValue(draft.Open()));
            LookUp(ref collector);
        }
        else
        {
            Build(ref draft);
        }
        SetResult.Store(context, ref draft, "sdiffstore"u8);
    }

    [Command(
        "sdiffcard", Group = "set", Since = "8.10.0", Arity = -3,
        Flags = "readonly", Keys = "ro access; numkeys 1",
        Complexity = "O(N) with N the number of members of all sets",
        Summary = "Returns how many members the first set has that no other set has, up to a limit.",
        Syntax = "numkeys key ... [LIMIT limit:integer]")]
    public void SDiffCard(CommandContext context)
    {
        if (!_sources.TryReadCounted(context, out long limit))
        {
            return;
        }
        var count = new MemberCount(limit);
        SubtractInto(context, ref count);
        context.Reply.Integer(count.Count);
    }

    private void SubtractInto<TSink>(CommandContext context, ref TSink sink)
        where TSink : struct, IMemberSink
    {
        if (IsLookUpCheaper())
        {
            LookUp(ref sink);
            return;
        }
        RecordDraft draft = context.Database.Draft(default, KeyType.Set);
        Build(ref draft);
        new SetValue(draft.Open()).Stored.CopyTo(ref sink);
        draft.Discard();
    }

    /// <summary>Half weight for the look-ups, which build nothing and end early where sets have much in common.</summary>
    private bool IsLookUpCheaper()
    {
        Span<StoredSet> sets = _sources.Sets;
        if (!_sources.HasFirst)
        {
            return true;
        }
        long memberCount = 0;
        foreach (StoredSet set in sets)
        {
            memberCount += set.Count;
        }
        return sets[0].Count * sets.Length / 2 <= memberCount;
    }

    private void LookUp<TSink>(ref TSink sink)
        where TSink : struct, IMemberSink, allows ref struct
    {
        if (_sources.HasFirst)
        {
            SetAlgebra.Subtract(_sources.Sets[0], _sources.Sets[1..], ref sink);
        }
    }

    private void Build(ref RecordDraft draft)
    {
        var result = new SetValue(draft.Open());
        var collector = new MemberCollector(result);
        _sources.Sets[0].CopyTo(ref collector);
        foreach (StoredSet other in _sources.Sets[1..])
        {
            SetReader reader = other.Read();
            while (!result.IsEmpty && reader.MoveNext())
            {
                result.Remove(reader.Current);
            }
        }
    }
}
