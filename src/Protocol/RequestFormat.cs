using System.Buffers;
using Bixbite.Structures.Text;

namespace Bixbite.Protocol;

/// <summary>How requests look when this server writes them itself: an array of bulk strings.</summary>
public static class RequestFormat
{
    /// <summary>Room for a header: its type, 20 digits, a line end.</summary>
    public const int HeaderSizeMax = 23;

    /// <summary>Writes <c>*COUNT</c> or <c>$LENGTH</c> with its line end; returns the bytes written.</summary>
    public static int WriteHeader(Span<byte> target, byte type, long count)
    {
        target[0] = type;
        int size = 1 + Integers.Format(count, target[1..]);
        return size + WriteLineEnd(target[size..]);
    }

    /// <summary>Writes the line end; returns the bytes written.</summary>
    public static int WriteLineEnd(Span<byte> target)
    {
        target[0] = (byte)'\r';
        target[1] = (byte)'\n';
        return 2;
    }

    /// <summary>Notes the time between requests, in a line that readers pass over (aof-timestamp-enabled).</summary>
    public static void NoteTime(this IBufferWriter<byte> target, long unixSeconds)
    {
        target.Write("#TS:"u8);
        Span<byte> digits = target.GetSpan(HeaderSizeMax);
        int size = Integers.Format(unixSeconds, digits);
        target.Advance(size + WriteLineEnd(digits[size..]));
    }

    /// <summary>Begins a request of so many arguments.</summary>
    public static void Begin(this IBufferWriter<byte> target, int argumentCount) =>
        target.Advance(WriteHeader(target.GetSpan(HeaderSizeMax), (byte)'*', argumentCount));

    /// <summary>Writes its next argument.</summary>
    public static void Add(this IBufferWriter<byte> target, ReadOnlySpan<byte> argument)
    {
        target.Advance(WriteHeader(target.GetSpan(HeaderSizeMax), (byte)'$', argument.Length));
        target.Write(argument);
        target.Advance(WriteLineEnd(target.GetSpan(2)));
    }

    /// <summary>Writes its next argument, a number.</summary>
    public static void Add(this IBufferWriter<byte> target, long number)
    {
        Span<byte> digits = stackalloc byte[Integers.SizeMax];
        target.Add(digits[..Integers.Format(number, digits)]);
    }
}
