using System.Buffers;
using System.Globalization;
using System.Text;
using Bixbite.Structures.Text;

namespace Bixbite.Scripting.Debugging;

/// <summary>A line that is being written; nobody reads more of it than a number of bytes, so it need not become longer.</summary>
internal sealed class DebugText(int sizeNeeded)
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <summary>Nothing more is needed.</summary>
    public bool IsFull => _bytes.WrittenCount > sizeNeeded;

    public DebugText Add(char character)
    {
        _bytes.Write([(byte)character]);
        return this;
    }

    public DebugText Add(ReadOnlySpan<byte> text)
    {
        _bytes.Write(text);
        return this;
    }

    public DebugText Add(string text) => Add(Encoding.Latin1.GetBytes(text));

    public DebugText Add(int number) => Add(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>A text in quotes; of a long one as much as is needed.</summary>
    public DebugText AddQuoted(ReadOnlySpan<byte> text)
    {
        if (text.Length > sizeNeeded)
        {
            text = text[..sizeNeeded];
        }
        _bytes.Advance(Quoted.Format(text, _bytes.GetSpan(Quoted.SizeOf(text))));
        return this;
    }
}
