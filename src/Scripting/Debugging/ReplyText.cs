using Bixbite.Structures.Text;

namespace Bixbite.Scripting.Debugging;

/// <summary>Shows a command's reply as Redis' debugger does.</summary>
internal ref struct ReplyText(DebugText text, ReadOnlySpan<byte> reply)
{
    private readonly ReadOnlySpan<byte> _reply = reply;
    private int _position;

    /// <summary>Writes the next reply. Kinds that Redis' debugger does not know are left out.</summary>
    public void Write()
    {
        if (text.IsFull)
        {
            return;
        }
        int start = _position;
        ReadOnlySpan<byte> line = ReadLine();
        ReadOnlySpan<byte> content = line[1..];
        _ = Integers.TryParse(content, out long number);
        switch (line[0])
        {
            case (byte)':':
                text.Add(content);
                break;
            case (byte)'+' or (byte)'-':
                text.AddQuoted(_reply.Slice(start, line.Length));
                break;
            case (byte)'$' or (byte)'*' when number < 0:
                text.Add("NULL"u8);
                break;
            case (byte)'$':
                text.AddQuoted(_reply.Slice(_position, (int)number));
                _position += (int)number + 2;
                break;
            case (byte)'=':
                _position += (int)number + 2;
                break;
            case (byte)'*':
                WriteAll("["u8, number, isMap: false, ']');
                break;
            case (byte)'~':
                WriteAll("~("u8, number, isMap: false, ')');
                break;
            case (byte)'%':
                WriteAll("{"u8, number, isMap: true, '}');
                break;
            case (byte)'_':
                text.Add("(null)"u8);
                break;
            case (byte)'#':
                text.Add(content is [(byte)'t', ..] ? "#true"u8 : "#false"u8);
                break;
            case (byte)',':
                text.Add("(double) "u8).Add(content);
                break;
        }
    }

    private void WriteAll(ReadOnlySpan<byte> begin, long count, bool isMap, char end)
    {
        text.Add(begin);
        for (long i = 0; i < count && !text.IsFull; i++)
        {
            if (i > 0)
            {
                text.Add(',');
            }
            Write();
            if (isMap)
            {
                text.Add(" => "u8);
                Write();
            }
        }
        text.Add(end);
    }

    private ReadOnlySpan<byte> ReadLine()
    {
        ReadOnlySpan<byte> rest = _reply[_position..];
        int length = rest.IndexOf((byte)'\r');
        _position += length + 2;
        return rest[..length];
    }
}
