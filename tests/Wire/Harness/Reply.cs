using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Bixbite.Wire.Harness;

/// <summary>
/// One reply in RESP2 or RESP3 as the bytes show it, written on its own so that a mistake of the server's protocol code cannot hide in the
/// tests. <see cref="Type"/> is the reply's first byte; a null bulk string or array has <see cref="IsNull"/> set.
/// </summary>
internal sealed record Reply(char Type, byte[] Bytes, IReadOnlyList<Reply> Items, bool IsNull)
{
    public string Text => Encoding.UTF8.GetString(Bytes);
    public long Integer => long.Parse(Text, CultureInfo.InvariantCulture);
    public bool IsError => Type is '-' or '!';

    /// <summary>Reads one whole reply; false if its end has not come yet.</summary>
    public static bool TryRead(ReadOnlySpan<byte> input, out Reply? reply, out int size)
    {
        size = 0;
        reply = Read(input, ref size);
        return reply is not null;
    }

    /// <summary>The same kinds at the same places, whatever the texts say.</summary>
    public bool HasShapeOf(Reply other) =>
        Type == other.Type && IsNull == other.IsNull && Items.Count == other.Items.Count
        && Items.Zip(other.Items).All(pair => pair.First.HasShapeOf(pair.Second));

    /// <summary>The same elements in any order, at every depth; a map's pairs stay together.</summary>
    public bool HasItemsOf(Reply other) => Canonical() == other.Canonical();

    /// <summary>One line for people, after redis-cli's raw form.</summary>
    public override string ToString() => IsNull ? "(nil)" : Type switch
    {
        '*' or '%' or '~' or '>' or '|' => $"{Type}[{string.Join(", ", Items)}]",
        '$' or '=' => $"\"{Text}\"",
        _ => $"{Type}{Text}",
    };

    private string Canonical()
    {
        if (Items.Count == 0)
        {
            return ToString();
        }
        IEnumerable<string> parts = Type is '%' or '|'
            ? Items.Chunk(2).Select(pair => $"{pair[0].Canonical()} => {pair[1].Canonical()}")
            : Items.Select(item => item.Canonical());
        return $"{Type}[{string.Join(", ", parts.Order(StringComparer.Ordinal))}]";
    }

    private static Reply? Read(ReadOnlySpan<byte> input, ref int at)
    {
        int length = input[at..].IndexOf("\r\n"u8);
        if (length < 0)
        {
            return null;
        }
        if (length == 0)
        {
            throw new InvalidDataException("an empty line where a reply should begin");
        }

        char type = (char)input[at];
        ReadOnlySpan<byte> line = input.Slice(at + 1, length - 1);
        at += length + 2;
        switch (type)
        {
            case '+' or '-' or ':' or ',' or '#' or '(':
                return new Reply(type, line.ToArray(), [], IsNull: false);
            case '_':
                return new Reply(type, [], [], IsNull: true);
            case '$' or '=' or '!':
                return ReadBulk(type, Count(line), input, ref at);
            case '*' or '~' or '>':
                return ReadItems(type, Count(line), input, ref at);
            case '%' or '|':
                return ReadItems(type, 2 * Count(line), input, ref at);
            default:
                throw new InvalidDataException($"no reply begins with {(int)type}: {Encoding.UTF8.GetString(line)}");
        }
    }

    private static Reply? ReadBulk(char type, int length, ReadOnlySpan<byte> input, ref int at)
    {
        if (length < 0)
        {
            return new Reply(type, [], [], IsNull: true);
        }
        if (input.Length - at < length + 2)
        {
            return null;
        }
        if (!input.Slice(at + length, 2).SequenceEqual("\r\n"u8))
        {
            throw new InvalidDataException($"a bulk string of {length} bytes does not end where it should");
        }
        Reply reply = new(type, input.Slice(at, length).ToArray(), [], IsNull: false);
        at += length + 2;
        return reply;
    }

    private static Reply? ReadItems(char type, int count, ReadOnlySpan<byte> input, ref int at)
    {
        if (count < 0)
        {
            return new Reply(type, [], [], IsNull: true);
        }
        List<Reply> items = [];
        for (int i = 0; i < count; i++)
        {
            if (Read(input, ref at) is not { } item)
            {
                return null;
            }
            items.Add(item);
        }

        return new Reply(type, [], items, IsNull: false);
    }

    private static int Count(ReadOnlySpan<byte> line) =>
        Utf8Parser.TryParse(line, out int count, out int consumed) && consumed == line.Length
            ? count
            : throw new InvalidDataException($"not a length: {Encoding.UTF8.GetString(line)}");
}
