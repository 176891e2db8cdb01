using Bixbite.Lua.Running;
using Bixbite.Lua.Text;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Libraries;

/// <summary>How the bytes of a long string follow from those of another one.</summary>
internal enum LongTextKind
{
    /// <summary>Those from an index on.</summary>
    Part,

    /// <summary>All, again and again.</summary>
    Repeated,
    Reversed,
    Lower,
    Upper,
}

/// <summary>Makes a long string from another one, a piece at a time, so that the run may end between two pieces.</summary>
/// <param name="source">The other one.</param>
/// <param name="kind">What to do with it.</param>
/// <param name="bytes">The new bytes, to be filled; they are counted.</param>
/// <param name="start">The index of the first byte, of a part.</param>
internal sealed class LongText(LuaString source, LongTextKind kind, byte[] bytes, int start) : HostTask
{
    /// <summary>Shorter strings are made at once.</summary>
    public const int SizeMin = 1 << 18;

    private const int PieceSize = 1 << 18;
    private const int BytesPerStep = 64;

    private readonly LuaValue[] _held = [source];
    private int _done;

    public override ReadOnlySpan<LuaValue> Held => _held;

    public override long HeldBytes => bytes.Length;

    /// <summary>Begins a string of a size that is not above the greatest one.</summary>
    public static HostStep Begin(in HostCall call, LuaString source, LongTextKind kind, int size, int start = 0)
    {
        call.Memory.Add(LuaString.BytesFor(size));
        return new LongText(source, kind, GC.AllocateUninitializedArray<byte>(size), start).Resume(call);
    }

    public override HostStep Resume(in HostCall call)
    {
        while (_done < bytes.Length)
        {
            int size = Math.Min(PieceSize, bytes.Length - _done);
            Fill(bytes.AsSpan(_done, size));
            _done += size;
            if (!call.Spend(size / BytesPerStep) && _done < bytes.Length)
            {
                return call.Pause(this);
            }
        }
        return call.Return(new LuaString(bytes));
    }

    private void Fill(Span<byte> piece)
    {
        ReadOnlySpan<byte> from = source.Span;
        switch (kind)
        {
            case LongTextKind.Part:
                from.Slice(start + _done, piece.Length).CopyTo(piece);
                break;
            case LongTextKind.Repeated:
                Repeat(from, piece);
                break;
            case LongTextKind.Reversed:
                from.Slice(from.Length - _done - piece.Length, piece.Length).CopyTo(piece);
                piece.Reverse();
                break;
            case LongTextKind.Lower:
                ByteClass.ToLower(from.Slice(_done, piece.Length), piece);
                break;
            case LongTextKind.Upper:
                ByteClass.ToUpper(from.Slice(_done, piece.Length), piece);
                break;
        }
    }

    /// <summary>The text from where it was left, then the same again, twice as much each time.</summary>
    private void Repeat(ReadOnlySpan<byte> text, Span<byte> piece)
    {
        int offset = _done % text.Length;
        int done = Math.Min(text.Length - offset, piece.Length);
        text.Slice(offset, done).CopyTo(piece);
        int rest = Math.Min(offset, piece.Length - done);
        text[..rest].CopyTo(piece[done..]);
        for (done += rest; done < piece.Length;)
        {
            int more = Math.Min(done, piece.Length - done);
            piece[..more].CopyTo(piece[done..]);
            done += more;
        }
    }
}
