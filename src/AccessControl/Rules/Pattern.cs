using System.Buffers.Binary;
using Bixbite.Structures.Text;

namespace Bixbite.AccessControl.Rules;

/// <summary>
/// A glob pattern of a rule, with its form found out once, since nearly all are a prefix or a whole name. It matches what
/// <see cref="Glob"/> matches: no pattern but the empty one matches the empty text.
/// </summary>
/// <remarks>
/// Its first literal bytes are a word, so that whoever asks many patterns about one text finds most of them out by one comparison each:
/// <code>
///   app:*       head  a p p : 0 0 0 0      mask  ff ff ff ff 0 0 0 0
///   app:42:x    head  a p p : 4 2 : x      mask  ff ff ff ff ff ff ff ff
///   a?c         head  a 0 0 0 0 0 0 0      mask  ff 0 0 0 0 0 0 0
/// </code>
/// </remarks>
internal sealed class Pattern
{
    private const int HeadSize = sizeof(ulong);

    private readonly Form _form;
    private readonly byte[] _part;

    public Pattern(byte[] text)
    {
        Text = text;
        _part = text;
        if (Glob.IsLiteral(text))
        {
            _form = Form.Whole;
        }
        else if (text[^1] == '*' && Glob.IsLiteral(text.AsSpan(0, text.Length - 1)))
        {
            _form = Form.Prefix;
            _part = text[..^1];
        }
        int special = text.AsSpan().IndexOfAny("*?[\\"u8);
        int size = Math.Min(special < 0 ? text.Length : special, HeadSize);
        Head = HeadOf(text.AsSpan(0, size));
        HeadMask = size == HeadSize ? ulong.MaxValue : (1UL << (8 * size)) - 1;
    }

    private enum Form
    {
        Any,
        Whole,
        Prefix,
    }

    /// <summary>As it was given.</summary>
    public byte[] Text { get; }

    /// <summary>The first literal bytes. No text matches whose head is another under the mask.</summary>
    public ulong Head { get; }

    /// <summary>The bytes of the head that count.</summary>
    public ulong HeadMask { get; }

    /// <summary>Every text with the same head matches.</summary>
    public bool IsDecidedByHead => _form == Form.Prefix && _part.Length is > 0 and <= HeadSize;

    /// <summary>The first bytes of a text, and zeros where it is shorter.</summary>
    public static ulong HeadOf(ReadOnlySpan<byte> text)
    {
        if (text.Length >= HeadSize)
        {
            return BinaryPrimitives.ReadUInt64LittleEndian(text);
        }
        ulong head = 0;
        for (int i = text.Length - 1; i >= 0; i--)
        {
            head = (head << 8) | text[i];
        }
        return head;
    }

    public bool IsMatch(ReadOnlySpan<byte> text) => _form switch
    {
        Form.Prefix => text.StartsWith(_part) && !text.IsEmpty,
        Form.Whole => text.SequenceEqual(_part),
        _ => Glob.IsMatch(Text, text),
    };
}
