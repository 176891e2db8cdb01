using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types;

namespace Bixbite.Commands.Strings;

/// <summary>Reading strings: GET, MGET, STRLEN, GETRANGE, SUBSTR, and the readers that also delete or replace: GETDEL, GETSET.</summary>
public sealed class Get
{
    [Command("get")]
    public void GetValue(CommandContext context)
    {
        KeyRef at = context.Read(1);
        if (context.IsMissingOr(KeyType.String, at))
        {
            Answer(context, at);
        }
    }

    [Command("mget")]
    public void MGet(CommandContext context)
    {
        context.Reply.Array(context.Count - 1);
        for (int i = 1; i < context.Count; i++)
        {
            KeyRef at = context.Read(i);
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

    [Command("strlen")]
    public void StrLen(CommandContext context)
    {
        KeyRef at = context.Read(1);
        if (context.IsMissingOr(KeyType.String, at))
        {
            context.Reply.Integer(at.Exists ? at.Record.TextLength : 0);
        }
    }

    [Command("getrange")]
    public void GetRange(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 2);
        long start = arguments.Integer();
        long end = arguments.Integer();
        if (arguments.AnswerFailure())
        {
            return;
        }
        KeyRef at = context.Read(1);
        if (!context.IsMissingOr(KeyType.String, at))
        {
            return;
        }
        if (!at.Exists)
        {
            context.Reply.Bulk(default);
            return;
        }
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        context.Reply.Bulk(Slice(at.Record.Text(scratch), start, end));
    }

    [Command("substr")]
    public void SubStr(CommandContext context) => GetRange(context);

    [Command("getdel")]
    public void GetDel(CommandContext context)
    {
        KeyRef at = context.Write(1);
        if (!context.IsMissingOr(KeyType.String, at))
        {
            return;
        }
        Answer(context, at);
        if (at.Exists)
        {
            context.Database.Remove(ref at);
            context.Changed(context[1], KeyEventClass.Generic, "del"u8);
        }
    }

    [Command("getset")]
    public void GetSet(CommandContext context)
    {
        KeyRef at = context.Write(1);
        if (!context.IsMissingOr(KeyType.String, at))
        {
            return;
        }
        Answer(context, at);
        context.Database.Put(ref at, context[1], Types.Strings.StringForm.Of(context[2]), Deadline.None);
        context.Changed(context[1], KeyEventClass.String, "set"u8);
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
        context.Reply.Bulk(at.Record.Text(scratch));
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
