using System.Text;

namespace Bixbite.Protocol;

/// <summary>A whole reply as a tree on the managed heap: for tests and links to other servers, not for the data path.</summary>
public sealed class Reply
{
    private static readonly Reply[] s_noItems = [];

    public required ReplyKind Kind { get; init; }

    /// <summary>The text of Simple, Error, Bulk, BulkError, BigNumber and Verbatim (its format left out); digits of Double.</summary>
    public byte[] Bytes { get; init; } = [];

    /// <summary>The value of Integer; 1 or 0 for Boolean.</summary>
    public long Integer { get; init; }

    public double Double { get; init; }

    /// <summary>Three letters, for Verbatim.</summary>
    public string Format { get; init; } = "";

    /// <summary>The elements of an aggregate; of a Map or an Attribute its keys and values in turn.</summary>
    public IReadOnlyList<Reply> Items { get; init; } = s_noItems;

    /// <summary>The attributes that preceded the element, or null.</summary>
    public Reply? Attributes { get; init; }

    /// <summary>RESP2 writes null in two forms ("$-1", "*-1"), RESP3 in one.</summary>
    public bool IsNull => Kind == ReplyKind.Null;

    public bool IsError => Kind is ReplyKind.Error or ReplyKind.BulkError;

    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>One line that tells apart all that differs: +OK, :1, "bulk", [a, b], %{k: v}.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        Print(text);
        return text.ToString();
    }

    private void Print(StringBuilder text)
    {
        if (Attributes is not null)
        {
            Attributes.Print(text);
            text.Append(' ');
        }

        switch (Kind)
        {
            case ReplyKind.Null:
                text.Append("null");
                break;
            case ReplyKind.Integer:
                text.Append(':').Append(Integer);
                break;
            case ReplyKind.Boolean:
                text.Append(Integer != 0 ? "true" : "false");
                break;
            case ReplyKind.Bulk:
                text.Append('"').Append(Encoding.Latin1.GetString(Bytes)).Append('"');
                break;
            case ReplyKind.Verbatim:
                text.Append('=').Append(Format).Append(':').Append(Encoding.Latin1.GetString(Bytes));
                break;
            case ReplyKind.Array or ReplyKind.Set or ReplyKind.Push or ReplyKind.Map or ReplyKind.Attribute:
                PrintItems(text);
                break;
            default:
                text.Append((char)Kind).Append(Encoding.Latin1.GetString(Bytes));
                break;
        }
    }

    private void PrintItems(StringBuilder text)
    {
        text.Append((char)Kind).Append('[');
        for (int index = 0; index < Items.Count; index++)
        {
            if (index > 0)
            {
                text.Append(", ");
            }
            Items[index].Print(text);
        }

        text.Append(']');
    }
}
