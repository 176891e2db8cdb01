using System.Diagnostics;
using Bixbite.Lua.Values;
using Bixbite.Structures.Text;

namespace Bixbite.Scripting.Conversions;

/// <summary>
/// Makes Lua values of a command's reply, which is whole and lies in a buffer. Nothing is allocated but those values.
/// <code>
///   integer -> number     bulk -> string     status -> {ok=}     error -> {err=}     array -> table     null of RESP2 -> false
///   map -> {map={}}  set -> {set={member=true}}  double -> {double=}  big number -> {big_number=}  verbatim -> {verbatim_string={}}
///   boolean -> boolean     null of RESP3 -> nil
/// </code>
/// </summary>
internal ref struct ReplyToLua(LuaMemory memory, ScriptWords words, ReadOnlySpan<byte> reply)
{
    private readonly ReadOnlySpan<byte> _reply = reply;
    private int _position;

    /// <summary>The reply's value; commands nest their replies only a little.</summary>
    public LuaValue Read()
    {
        byte kind = _reply[_position];
        switch (kind)
        {
            case (byte)'$':
                return ReadBulk(ReadNumber());
            case (byte)':':
                return ReadNumber();
            case (byte)'*' or (byte)'>':
                return ReadArray(ReadNumber());
        }
        ReadOnlySpan<byte> line = ReadLine();
        return kind switch
        {
            (byte)'+' => Single(words.Ok, memory.NewString(line)),
            (byte)'-' => Error(line),
            (byte)'%' => ReadMap(Number(line)),
            (byte)'~' => ReadSet(Number(line)),
            (byte)'#' => line[0] == 't',
            (byte)',' => Single(words.Double, ReadDouble(line)),
            (byte)'(' => Single(words.BigNumber, memory.NewString(line)),
            (byte)'=' => ReadVerbatim((int)Number(line)),
            (byte)'|' => SkipAttributes(Number(line)),
            _ => LuaValue.Nil,
        };
    }

    /// <summary>An error that a command has answered; Redis counts it with the command.</summary>
    public LuaTable Error(ReadOnlySpan<byte> text)
    {
        LuaTable table = memory.NewTable(0, 2);
        table.Set(words.Err, memory.NewString(text));
        table.Set(words.IgnoreErrorStatsUpdate, true);
        return table;
    }

    private static long Number(ReadOnlySpan<byte> line)
    {
        bool isNumber = Integers.TryParse(line, out long number);
        Debug.Assert(isNumber, "The server's own replies are well formed.");
        return number;
    }

    private static double ReadDouble(ReadOnlySpan<byte> line) => Doubles.TryParse(line, out double number, allowNaN: true) ? number : 0;

    /// <summary>The number of a line that has nothing else: most lines are of that kind, and short.</summary>
    private long ReadNumber()
    {
        int at = _position + 1;
        bool isNegative = _reply[at] == '-';
        at += isNegative ? 1 : 0;
        long number = 0;
        for (; _reply[at] != '\r'; at++)
        {
            number = unchecked((number * 10) + _reply[at] - '0');
        }
        _position = at + 2;
        return unchecked(isNegative ? -number : number);
    }

    private ReadOnlySpan<byte> ReadLine()
    {
        ReadOnlySpan<byte> rest = _reply[(_position + 1)..];
        int length = rest.IndexOf((byte)'\r');
        _position += length + 3;
        return rest[..length];
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        ReadOnlySpan<byte> bytes = _reply.Slice(_position, length);
        _position += length + 2;
        return bytes;
    }

    private LuaValue ReadBulk(long length) => length < 0 ? false : memory.NewString(Take((int)length));

    private LuaValue ReadArray(long count)
    {
        if (count < 0)
        {
            return false;
        }
        LuaTable table = memory.NewTable((int)count);
        for (int i = 1; i <= count; i++)
        {
            table.Set(i, Read());
        }
        return table;
    }

    private LuaValue ReadMap(long count)
    {
        LuaTable table = memory.NewTable(0, (int)count);
        for (; count > 0; count--)
        {
            LuaValue key = Read();
            table.Set(key, Read());
        }
        return Single(words.Map, table);
    }

    private LuaValue ReadSet(long count)
    {
        LuaTable table = memory.NewTable(0, (int)count);
        for (; count > 0; count--)
        {
            table.Set(Read(), true);
        }
        return Single(words.Set, table);
    }

    private LuaValue ReadVerbatim(int length)
    {
        ReadOnlySpan<byte> text = Take(length);
        LuaTable table = memory.NewTable(0, 2);
        table.Set(words.Format, memory.NewString(text[..3]));
        table.Set(words.String, memory.NewString(text[4..]));
        return Single(words.VerbatimString, table);
    }

    private LuaValue SkipAttributes(long count)
    {
        for (; count > 0; count--)
        {
            Read();
            Read();
        }
        return Read();
    }

    private LuaTable Single(LuaString name, LuaValue value) => ScriptWords.NewReply(memory, name, value);
}
