using Bixbite.Structures.Text;

namespace Bixbite.AccessControl.Rules;

/// <summary>
/// A glob pattern of a rule, with its form found out once, since nearly all are a prefix or a whole name. It matches what
/// <see cref="Glob"/> matches: no pattern but the empty one matches the empty text.
/// </summary>
internal sealed class Pattern
{
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
    }

    private enum Form
    {
        Any,
        Whole,
        Prefix,
    }

    /// <summary>As it was given.</summary>
    public byte[] Text { get; }

    public bool IsMatch(ReadOnlySpan<byte> text) => _form switch
    {
        Form.Prefix => text.StartsWith(_part) && !text.IsEmpty,
        Form.Whole => text.SequenceEqual(_part),
        _ => Glob.IsMatch(Text, text),
    };
}
