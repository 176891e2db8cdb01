using System.Globalization;
using System.Numerics;
using System.Text;
using Bixbite.Protocol;

namespace Bixbite;

/// <summary>
/// The reply of a command, as a tree. The methods <c>As...</c> read it as what is expected, converting where nothing is lost; a reply that
/// cannot be read so is an <see cref="InvalidOperationException"/> that says what it is. Never changes.
/// </summary>
public sealed class BixbiteReply
{
    private readonly Reply _reply;
    private IReadOnlyList<BixbiteReply>? _items;

    internal BixbiteReply(Reply reply) => _reply = reply;

    /// <summary>The type of the reply.</summary>
    public BixbiteReplyKind Kind => _reply.Kind switch
    {
        ReplyKind.Null => BixbiteReplyKind.Null,
        ReplyKind.Integer => BixbiteReplyKind.Integer,
        ReplyKind.Double => BixbiteReplyKind.Double,
        ReplyKind.Boolean => BixbiteReplyKind.Boolean,
        ReplyKind.BigNumber => BixbiteReplyKind.BigInteger,
        ReplyKind.Error or ReplyKind.BulkError => BixbiteReplyKind.Error,
        ReplyKind.Array or ReplyKind.Push => BixbiteReplyKind.Array,
        ReplyKind.Map => BixbiteReplyKind.Map,
        ReplyKind.Set => BixbiteReplyKind.Set,
        _ => BixbiteReplyKind.String,
    };

    /// <summary>There is nothing: a key that does not exist, a time that is over.</summary>
    public bool IsNull => _reply.IsNull;

    /// <summary>The elements of an array or a set; keys and values of a map in turn; none of anything else.</summary>
    public IReadOnlyList<BixbiteReply> Items => _items ??= [.. _reply.Items.Select(static item => new BixbiteReply(item))];

    /// <summary>The reply as text: bytes are read as UTF-8, numbers written in digits. Null for null.</summary>
    /// <returns>The text, or null.</returns>
    /// <exception cref="InvalidOperationException">It is an array, a map or a set.</exception>
    public string? AsString() => Kind switch
    {
        BixbiteReplyKind.Null => null,
        BixbiteReplyKind.Integer => _reply.Integer.ToString(CultureInfo.InvariantCulture),
        BixbiteReplyKind.Boolean => _reply.Integer != 0 ? "true" : "false",
        BixbiteReplyKind.Array or BixbiteReplyKind.Map or BixbiteReplyKind.Set => throw NotA("a text"),
        _ => _reply.Text,
    };

    /// <summary>The bytes of a string. Null for null.</summary>
    /// <returns>The bytes, which are the caller's, or null.</returns>
    /// <exception cref="InvalidOperationException">It is no string.</exception>
    public byte[]? AsBytes() => Kind switch
    {
        BixbiteReplyKind.Null => null,
        BixbiteReplyKind.String => [.. _reply.Bytes],
        _ => throw NotA("bytes"),
    };

    /// <summary>The reply as a whole number; also a string of digits is one.</summary>
    /// <returns>The number.</returns>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    public long AsInt64() => Kind switch
    {
        BixbiteReplyKind.Integer or BixbiteReplyKind.Boolean => _reply.Integer,
        BixbiteReplyKind.String or BixbiteReplyKind.BigInteger or BixbiteReplyKind.Double
            when long.TryParse(_reply.Bytes, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) => value,
        _ => throw NotA("a whole number"),
    };

    /// <summary>The reply as a number; also a string of one is one.</summary>
    /// <returns>The number.</returns>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    public double AsDouble() => Kind switch
    {
        BixbiteReplyKind.Double => _reply.Double,
        BixbiteReplyKind.Integer => _reply.Integer,
        BixbiteReplyKind.String or BixbiteReplyKind.BigInteger when TryReadDouble(_reply.Text, out double value) => value,
        _ => throw NotA("a number"),
    };

    /// <summary>The reply as yes or no: a boolean, the whole numbers 1 and 0, and the status <c>OK</c>, which is yes.</summary>
    /// <returns>Whether it is yes.</returns>
    /// <exception cref="InvalidOperationException">It is neither.</exception>
    public bool AsBoolean() => Kind switch
    {
        BixbiteReplyKind.Boolean => _reply.Integer != 0,
        BixbiteReplyKind.Integer when _reply.Integer is 0 or 1 => _reply.Integer != 0,
        BixbiteReplyKind.String when _reply is { Kind: ReplyKind.Simple, Text: "OK" } => true,
        _ => throw NotA("yes or no"),
    };

    /// <summary>The reply as a whole number of any size.</summary>
    /// <returns>The number.</returns>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    public BigInteger AsBigInteger() => Kind switch
    {
        BixbiteReplyKind.Integer => _reply.Integer,
        BixbiteReplyKind.String or BixbiteReplyKind.BigInteger when BigInteger.TryParse(
            _reply.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger value) => value,
        _ => throw NotA("a whole number"),
    };

    /// <summary>The elements of an array or a set as texts.</summary>
    /// <returns>A text for each element, null for a null; none for null.</returns>
    /// <exception cref="InvalidOperationException">It has no elements by its type, or one of them is no text.</exception>
    public IReadOnlyList<string?> AsStrings() => Kind switch
    {
        BixbiteReplyKind.Null => [],
        BixbiteReplyKind.Array or BixbiteReplyKind.Set => [.. Items.Select(static item => item.AsString())],
        _ => throw NotA("an array"),
    };

    /// <summary>
    /// The keys and values of a map, by the keys' texts; of an array whose elements are keys and values in turn as well. The last one
    /// counts where a key comes twice.
    /// </summary>
    /// <returns>The values by their keys; none for null.</returns>
    /// <exception cref="InvalidOperationException">It is no map, or a key is no text.</exception>
    public IReadOnlyDictionary<string, BixbiteReply> AsMap()
    {
        bool isMap = Kind is BixbiteReplyKind.Null or BixbiteReplyKind.Map
            || (Kind == BixbiteReplyKind.Array && Items.Count % 2 == 0);
        if (!isMap)
        {
            throw NotA("a map");
        }
        var map = new Dictionary<string, BixbiteReply>(Items.Count / 2, StringComparer.Ordinal);
        for (int i = 0; i < Items.Count; i += 2)
        {
            map[Items[i].AsString() ?? throw NotA("a map")] = Items[i + 1];
        }
        return map;
    }

    /// <summary>One line for people: <c>"text"</c>, <c>12</c>, <c>null</c>, <c>["a", 1]</c>, <c>{"key": "value"}</c>.</summary>
    /// <returns>The line.</returns>
    public override string ToString()
    {
        var text = new StringBuilder();
        Show(text);
        return text.ToString();
    }

    private static bool TryReadDouble(string text, out double value)
    {
        value = text switch
        {
            "inf" or "+inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            _ => 0,
        };
        return value != 0 || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    private InvalidOperationException NotA(string wanted) => new($"The reply is not {wanted}: it is {this}.");

    private void Show(StringBuilder text)
    {
        switch (Kind)
        {
            case BixbiteReplyKind.Null:
                text.Append("null");
                break;
            case BixbiteReplyKind.String:
                text.Append('"').Append(_reply.Text).Append('"');
                break;
            case BixbiteReplyKind.Array:
                ShowItems(text, '[', ']');
                break;
            case BixbiteReplyKind.Map or BixbiteReplyKind.Set:
                ShowItems(text, '{', '}');
                break;
            default:
                text.Append(AsString());
                break;
        }
    }

    private void ShowItems(StringBuilder text, char open, char close)
    {
        text.Append(open);
        for (int i = 0; i < Items.Count; i++)
        {
            bool isValue = Kind == BixbiteReplyKind.Map && i % 2 == 1;
            text.Append(i == 0 ? "" : isValue ? ": " : ", ");
            Items[i].Show(text);
        }
        text.Append(close);
    }
}
