using Bixbite.Lua.Values;
using Bixbite.Protocol;

namespace Bixbite.Scripting.Conversions;

/// <summary>
/// Writes what a script returns as its client's reply. Tables nest as deep as scripts like, and contain themselves, so they are walked with
/// a stack of its own.
/// <code>
///   string -> bulk    number -> integer, cut    true -> 1, #t    false -> null, #f    anything else -> null
///   {ok=}  -> status  {err=} -> error           {double=} {map=} {set=} {big_number=} {verbatim_string=} -> as named
///   other tables -> array up to the first nil
/// </code>
/// </summary>
internal sealed class LuaToReply(ScriptWords words)
{
    /// <summary>Tables nest no deeper in a reply, as in Redis.</summary>
    private const int DepthMax = 7995;

    /// <summary>A reply of tables that contain themselves ends when so many have been written.</summary>
    private const int TablesMax = 1 << 24;

    /// <summary>Elements written between two looks at the clock.</summary>
    private const int ElementsPerLook = 1024;

    private const double LongEnd = 9223372036854775808.0;

    private OpenTable[] _open = new OpenTable[16];
    private int _depth;
    private int _tableCount;
    private bool _hasBooleans;

    /// <summary>Kinds of replies whose elements follow.</summary>
    private enum TableKind : byte
    {
        Array,
        Map,
        Set,
    }

    /// <summary>Begins to write a result.</summary>
    /// <param name="reply">The client's.</param>
    /// <param name="value">A script's result.</param>
    /// <param name="hasBooleans">The script has chosen RESP3, in which true and false are no numbers.</param>
    public void Begin(ReplyWriter reply, LuaValue value, bool hasBooleans)
    {
        _hasBooleans = hasBooleans;
        _tableCount = 0;
        WriteOne(reply, value);
    }

    /// <summary>Writes the rest of it, or as much as a slice allows; true if that is all.</summary>
    public bool GoOn(ReplyWriter reply, Func<bool>? isSliceOver)
    {
        for (int count = 1; _depth > 0; count++)
        {
            if (isSliceOver is not null && count % ElementsPerLook == 0 && isSliceOver())
            {
                return false;
            }
            if (MoveNext(ref _open[_depth - 1], out LuaValue next))
            {
                WriteOne(reply, next);
            }
            else
            {
                _open[--_depth] = default;
            }
        }
        return true;
    }

    private static long ToLong(double number) =>
        number is >= -LongEnd and < LongEnd ? (long)number : long.MinValue;

    /// <summary>The next element: of a map keys and values in turn, of a set its keys.</summary>
    private static bool MoveNext(ref OpenTable open, out LuaValue next)
    {
        if (open.Kind == TableKind.Array)
        {
            next = open.Table.Get(++open.Index);
            return !next.IsNil;
        }
        if (open.IsValueNext)
        {
            open.IsValueNext = false;
            next = open.Value;
            return true;
        }
        if (!open.Table.Next(ref open.Key, out open.Value))
        {
            next = LuaValue.Nil;
            return false;
        }
        open.IsValueNext = open.Kind == TableKind.Map;
        next = open.Key;
        return true;
    }

    private static int CountOf(LuaTable table)
    {
        int count = 0;
        LuaValue key = LuaValue.Nil;
        while (table.Next(ref key, out _))
        {
            count++;
        }
        return count;
    }

    private static int LengthOf(LuaTable table)
    {
        int length = 0;
        while (!table.Get(length + 1).IsNil)
        {
            length++;
        }
        return length;
    }

    private void WriteOne(ReplyWriter reply, LuaValue value)
    {
        if (_depth >= DepthMax || _tableCount > TablesMax)
        {
            reply.Error(ErrorText.ScriptResultTooDeep);
            return;
        }
        switch (value.Object)
        {
            case null:
                reply.Integer(ToLong(value.Number));
                break;
            case LuaString text:
                reply.Bulk(text.Span);
                break;
            case LuaTable table:
                _tableCount++;
                WriteTable(reply, table);
                break;
            default:
                WriteConstant(reply, value);
                break;
        }
    }

    private void WriteConstant(ReplyWriter reply, LuaValue value)
    {
        if (value.Type != LuaType.Boolean)
        {
            reply.Null();
        }
        else if (_hasBooleans)
        {
            reply.Boolean(value.IsTruthy);
        }
        else if (value.IsTruthy)
        {
            reply.Integer(1);
        }
        else
        {
            reply.Null();
        }
    }

    private void WriteTable(ReplyWriter reply, LuaTable table)
    {
        if (table.Get(words.Err).Object is LuaString error)
        {
            new ErrorLine(reply).Argument(error.Span).End();
        }
        else if (table.Get(words.Ok).Object is LuaString status)
        {
            reply.Simple(OneLine(status.Span));
        }
        else if (table.Get(words.Double) is { IsNumber: true } number)
        {
            reply.Double(number.Number);
        }
        else if (table.Get(words.Map).Object is LuaTable map)
        {
            reply.Map(CountOf(map));
            Open(map, TableKind.Map);
        }
        else if (table.Get(words.Set).Object is LuaTable set)
        {
            reply.Set(CountOf(set));
            Open(set, TableKind.Set);
        }
        else if (table.Get(words.BigNumber).Object is LuaString digits)
        {
            reply.BigNumber(OneLine(digits.Span));
        }
        else if (!TryWriteVerbatim(reply, table))
        {
            reply.Array(LengthOf(table));
            Open(table, TableKind.Array);
        }
    }

    private bool TryWriteVerbatim(ReplyWriter reply, LuaTable table)
    {
        if (table.Get(words.VerbatimString).Object is not LuaTable verbatim
            || verbatim.Get(words.Format).Object is not LuaString format
            || verbatim.Get(words.String).Object is not LuaString text)
        {
            return false;
        }
        reply.Verbatim(text.Span, format.Span[..Math.Min(format.Length, 3)]);
        return true;
    }

    /// <summary>One line of a text, which ends at a NUL, as in Redis.</summary>
    private static ReadOnlySpan<byte> OneLine(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)0);
        text = end < 0 ? text : text[..end];
        if (text.IndexOfAny((byte)'\r', (byte)'\n') < 0)
        {
            return text;
        }
        byte[] line = text.ToArray();
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        return line;
    }

    private void Open(LuaTable table, TableKind kind)
    {
        if (_depth == _open.Length)
        {
            Array.Resize(ref _open, _depth * 2);
        }
        _open[_depth++] = new OpenTable { Table = table, Kind = kind, Key = LuaValue.Nil, Value = LuaValue.Nil };
    }

    /// <summary>A table whose elements are being written.</summary>
    private struct OpenTable
    {
        public LuaTable Table;
        public LuaValue Key;
        public LuaValue Value;
        public int Index;
        public TableKind Kind;
        public bool IsValueNext;
    }
}
