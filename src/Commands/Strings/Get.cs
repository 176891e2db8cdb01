using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Structures.Text;
using Bixbite.Types;

namespace Bixbite.Commands.Strings;

/// <summary>Reading strings: GET, MGET, STRLEN, GETRANGE, SUBSTR, and the readers that also delete or replace: GETDEL, GETSET.</summary>
public sealed class Get
{
    [Command(
        "get", Group = "string", Since = "1.0.0", Arity = 2,
        Flags = "readonly fast", Keys = "ro access; 1",
        Complexity = "O(1)",
        Summary = "Returns the string stored at a key.",
        Syntax = "key")]
    public void Run(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (!context.IsWrongType(at, KeyType.String))
        {
            Answer(context, at);
        }
    }

    [Command(
        "mget", Group = "string", Since = "1.0.0", Arity = -2,
        Flags = "readonly fast", Keys = "ro access; 1..-1", Tips = "request_policy:multi_shard",
        Complexity = "O(N) with N the number of keys",
        Summary = "Returns the strings stored at several keys.",
        Syntax = "key ...")]
    public void MGet(CommandContext context)
    {
        context.Reply.Array(context.Count - 1);
        for (int i = 1; i < context.Count; i++)
        {
            KeyRef at = context.KeyToRead(i);
            if (at.Exists && at.Record.Type == KeyType.String)
            {
                Answer(context, at);
            }
            else
            {
                context.Reply.Null();
            }
        }
    }

    [Command(
        "strlen", Group = "string", Since = "2.2.0", Arity = 2,
        Flags = "readonly fast", Keys = "ro; 1",
        Complexity = "O(1)",
        Summary = "Returns the length of the string stored at a key.",
        Syntax = "key")]
    public void StrLen(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (!context.IsWrongType(at, KeyType.String))
        {
            context.Reply.Integer(at.Exists ? at.Record.TextLength : 0);
        }
    }

    [Command(
        "getrange", Group = "string", Since = "2.4.0", Arity = 4,
        Flags = "readonly", Keys = "ro access; 1",
        Complexity = "O(N) with N the length of the part",
        Summary = "Returns a part of the string stored at a key.",
        Syntax = "key start:integer end:integer")]
    public void GetRange(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 2);
        long start = arguments.Integer();
        long end = arguments.Integer();
        if (arguments.AnswerFailure())
        {
            return;
        }
        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.String))
        {
            return;
        }
        if (!at.Exists)
        {
            context.Reply.Bulk(default);
            return;
        }
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        context.Reply.StoredBulk(Slice(at.Record.Text(scratch), start, end), at.Record.TextBlock);
    }

    [Command(
        "substr", Group = "string", Since = "1.0.0", Arity = 4,
        Flags = "readonly", Keys = "ro access; 1",
        DeprecatedSince = "2.0.0", ReplacedBy = "`GETRANGE`",
        Complexity = "O(N) with N the length of the part",
        Summary = "Returns a part of the string stored at a key.",
        Syntax = "key start:integer end:integer")]
    public void SubStr(CommandContext context) => GetRange(context);

    [Command(
        "getdel", Group = "string", Since = "6.2.0", Arity = 2,
        Flags = "write fast", Keys = "rw access delete; 1",
        Complexity = "O(1)",
        Summary = "Returns the string stored at a key and deletes the key.",
        Syntax = "key")]
    public void GetDel(CommandContext context)
    {
        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.String))
        {
            return;
        }
        Answer(context, at);
        if (at.Exists)
        {
            context.Database.Remove(ref at);
            context.Changed(context[1], KeyEventClass.Generic, "del"u8);
            context.Effects.Write("DEL"u8, context[1]);
        }
    }

    [Command(
        "getset", Group = "string", Since = "1.0.0", Arity = 3,
        Flags = "write denyoom fast", Keys = "rw access update; 1",
        DeprecatedSince = "6.2.0", ReplacedBy = "`SET` with the `GET` argument",
        Complexity = "O(1)",
        Summary = "Returns the old string stored at a key and stores a new one.",
        Syntax = "key value")]
    public void GetSet(CommandContext context)
    {
        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.String))
        {
            return;
        }
        Answer(context, at);
        context.Database.Put(ref at, context[1], context.Text(2), Deadline.None);
        context.Changed(context[1], KeyEventClass.String, "set"u8);
        context.Effects.Begin(3);
        context.Effects.Add("SET"u8);
        context.Effects.Add(context[1]);
        context.Effects.Add(context.Arguments[2]);
    }

    /// <summary>The value as a bulk string, or null where the key is missing.</summary>
    internal static void Answer(CommandContext context, in KeyRef at)
    {
        if (!at.Exists)
        {
            context.Reply.Null();
            return;
        }
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        context.Reply.StoredBulk(at.Record.Text(scratch), at.Record.TextBlock);
    }

    /// <summary>The part from start to end, both inclusive, negative counted from the end, as GETRANGE takes them.</summary>
    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> text, long start, long end)
    {
        if (start < 0 && end < 0 && start > end)
        {
            return default;
        }
        start = Math.Max(start < 0 ? start + text.Length : start, 0);
        end = Math.Max(end < 0 ? end + text.Length : end, 0);
        end = Math.Min(end, text.Length - 1);
        return start > end || text.IsEmpty ? default : text[(int)start..(int)(end + 1)];
    }
}
