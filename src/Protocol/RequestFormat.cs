using System.Buffers;
using Bixbite.Structures.Text;

namespace Bixbite.Protocol;

/// <summary>How requests look when this server writes them itself: an array of bulk strings.</summary>
public static class RequestFormat
{
    /// <summary>Room for a header: its type, 20 digits, a line end.</summary>
    public const int HeaderSizeMax = 23;

    private const int HeaderSizeMin = 4;
    private const int LineEndSize = 2;

    /// <summary>Room for SELECT and its database.</summary>
    public const int SelectSizeMax = 64;

    /// <summary>Room for a time.</summary>
    public const int TimeSizeMax = 32;

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

    /// <summary>Writes the request that chooses a database; returns the bytes written, at most <see cref="SelectSizeMax"/>.</summary>
    public static int WriteSelect(Span<byte> target, int database)
    {
        ReadOnlySpan<byte> start = "*2\r\n$6\r\nSELECT\r\n"u8;
        start.CopyTo(target);
        int size = start.Length + WriteHeader(target[start.Length..], (byte)'$', Integers.SizeOf(database));
        size += Integers.Format(database, target[size..]);
        return size + WriteLineEnd(target[size..]);
    }

    /// <summary>
    /// Writes the time, in a line between requests that readers pass over (aof-timestamp-enabled); returns the bytes written, at most
    /// <see cref="TimeSizeMax"/>.
    /// </summary>
    public static int WriteTime(Span<byte> target, long unixSeconds)
    {
        "#TS:"u8.CopyTo(target);
        int size = 4 + Integers.Format(unixSeconds, target[4..]);
        return size + WriteLineEnd(target[size..]);
    }

    /// <summary>The bytes that a request of these arguments takes.</summary>
    public static long SizeOf(ReadOnlySpan<Argument> arguments)
    {
        long size = HeaderSizeOf(arguments.Length);
        foreach (ref readonly Argument argument in arguments)
        {
            size += ArgumentSizeOf(argument.Length);
        }
        return size;
    }

    /// <summary>The bytes that an argument of this length takes.</summary>
    public static long ArgumentSizeOf(long length) => HeaderSizeOf(length) + length + LineEndSize;

    /// <summary>
    /// The bytes that a request took as it came, if its arguments still lie where they were received. Those of a plain line (an inline
    /// request) have a blank between them, all others a line end and a length.
    /// </summary>
    public static long ReceivedSizeOf(ReadOnlySpan<Argument> arguments)
    {
        if (arguments.Length < 2)
        {
            return SizeOf(arguments);
        }
        ulong between = arguments[1].Address - arguments[0].Address - (ulong)arguments[0].Length;
        return between is > 0 and < LineEndSize + HeaderSizeMin ? LineSizeOf(arguments) : SizeOf(arguments);
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

    /// <summary>Begins its next argument, whose bytes come in pieces.</summary>
    public static void BeginArgument(this IBufferWriter<byte> target, long length) =>
        target.Advance(WriteHeader(target.GetSpan(HeaderSizeMax), (byte)'$', length));

    /// <summary>Ends an argument that was begun.</summary>
    public static void EndArgument(this IBufferWriter<byte> target) => target.Advance(WriteLineEnd(target.GetSpan(2)));

    /// <summary>Writes its next argument, a number.</summary>
    public static void Add(this IBufferWriter<byte> target, long number)
    {
        Span<byte> digits = stackalloc byte[Integers.SizeMax];
        target.Add(digits[..Integers.Format(number, digits)]);
    }

    private static long LineSizeOf(ReadOnlySpan<Argument> arguments)
    {
        long size = arguments.Length - 1 + LineEndSize;
        foreach (ref readonly Argument argument in arguments)
        {
            size += argument.Length;
        }
        return size;
    }

    private static int HeaderSizeOf(long count) => 1 + Integers.SizeOf(count) + LineEndSize;
}
