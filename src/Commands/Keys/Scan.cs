using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Keys;

/// <summary>
/// Walking through the keys: SCAN, KEYS, RANDOMKEY. SCAN's cursor is a position in the order of key hashes, so every key that is there from
/// the first call to the last is returned exactly once, whatever is added or removed meanwhile.
/// </summary>
public sealed class Scan
{
    private const int RandomAttemptsMax = 100;
    private const int KeysBatch = 1000;

    /// <summary>A longer list of matches is not kept for the next command.</summary>
    private const int KeptCapacityMax = 10_000;

    private readonly List<Record> _found = [];
    private readonly List<Record> _matches = [];
    private readonly Random _random = new();

    [Command(
        "scan", Group = "generic", Since = "2.8.0", Arity = -2,
        Flags = "readonly touches_arbitrary_keys",
        Tips = "nondeterministic_output request_policy:special response_policy:special",
        History = "6.0.0 Added the `TYPE` subcommand.",
        Complexity = "O(1) for a call, O(N) for a whole walk",
        Summary = "Walks through the names of the keys, a few at a time.",
        Syntax = "cursor:integer [MATCH pattern] [COUNT count] [TYPE type@6.0.0]")]
    public void Run(CommandContext context)
    {
        if (!Integers.TryParseCursor(context[1], out ulong cursor))
        {
            context.Reply.Error(ErrorText.InvalidCursor);
            return;
        }
        if (!KeyWalkOptions.TryRead(context, 2, isOfCluster: false, out KeyWalkOptions options))
        {
            return;
        }

        context.Reply.Array(2);
        int sampled = 0;
        long count = options.Count;
        long iterations = count * 10;
        _matches.Clear();
        do
        {
            _found.Clear();
            cursor = context.Database.Scan(cursor, (int)Math.Min(count - sampled, KeysBatch), _found);
            sampled += _found.Count;
            foreach (Record record in _found)
            {
                if (options.Matches(record))
                {
                    _matches.Add(record);
                }
            }
        }
        while (cursor != 0 && sampled < count && iterations-- > 0);
        AnswerCursor(context, cursor);
        KeyWalkOptions.Answer(context, _matches);
        if (_matches.Capacity > KeptCapacityMax)
        {
            _matches.Clear();
            _matches.Capacity = 0;
        }
    }

    [Command(
        "keys", Group = "generic", Since = "1.0.0", Arity = 2,
        Flags = "readonly", Categories = "keyspace dangerous", Tips = "request_policy:all_shards nondeterministic_output_order",
        Complexity = "O(N) with N the number of keys in the database",
        Summary = "Returns all names of keys that match a pattern.",
        Syntax = "pattern")]
    public void Keys(CommandContext context)
    {
        var options = KeyWalkOptions.Of(context[1]);
        int mark = context.Reply.BeginArray();
        int count = 0;
        ulong cursor = 0;
        do
        {
            _found.Clear();
            cursor = context.Database.Scan(cursor, KeysBatch, _found);
            foreach (Record record in _found)
            {
                if (options.Matches(record) && !context.Keys.IsDue(context.Database, record))
                {
                    context.Reply.Bulk(record.Key);
                    count++;
                }
            }
        }
        while (cursor != 0);
        context.Reply.EndArray(mark, count);
    }

    [Command(
        "randomkey", Group = "generic", Since = "1.0.0", Arity = 1,
        Flags = "readonly touches_arbitrary_keys",
        Tips = "request_policy:all_shards response_policy:special nondeterministic_output",
        Complexity = "O(1)",
        Summary = "Returns the name of a random key.")]
    public void RandomKey(CommandContext context)
    {
        int attempts = RandomAttemptsMax;
        while (context.Database.RandomRecord(_random) is { IsNone: false } record)
        {
            // Where due keys stay, and all of them may be due, it ends with one of them, as in Redis.
            if (!context.Keys.IsDue(context.Database, record) || (!TryExpire(context, record) && --attempts == 0))
            {
                context.Reply.Bulk(record.Key);
                return;
            }
        }
        context.Reply.Null();
    }

    /// <summary>Removes a key that is due; false where it stays.</summary>
    private static bool TryExpire(CommandContext context, Record record)
    {
        KeyRef at = context.Database.Find(record.Key);
        return context.Keys.TryExpire(context.Database, ref at);
    }

    private static void AnswerCursor(CommandContext context, ulong cursor)
    {
        Span<byte> text = stackalloc byte[Integers.SizeMax];
        context.Reply.Bulk(text[..Integers.Format(cursor, text)]);
    }
}
