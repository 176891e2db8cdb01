using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Bixbite.Platform;

/// <summary>An IPv4 or IPv6 address with its port, laid out as the kernel reads and writes it.</summary>
/// <remarks>
/// <code>
///   sockaddr_in   | family 2 | port 2, big-endian | address 4 | unused 8 |                           16 bytes
///   sockaddr_in6  | family 2 | port 2, big-endian | flow 4    | address 16           | scope 4 |     28 bytes
/// </code>
/// Small enough to be kept by every connection, so that a peer's name is known after the peer is gone. All zero means none.
/// </remarks>
[InlineArray(SizeMax)]
public struct SocketAddress
{
    internal const int SizeMax = 28;
    private const int AddressTextSizeMax = 46;

    /// <summary>No address with its port, and no path of a Unix socket, is longer as text.</summary>
    public const int TextSizeMax = 128;

    private byte _first;

    public const int AF_UNSPEC = 0;
    public const int AF_UNIX = 1;
    public const int AF_INET = 2;
    public const int AF_INET6 = 10;

    public readonly int Family => MemoryMarshal.Read<ushort>(Bytes);
    public readonly int Port => BinaryPrimitives.ReadUInt16BigEndian(Bytes[2..]);

    /// <summary>How many bytes the kernel wants for this family.</summary>
    public readonly int Size => Family == AF_INET6 ? 28 : 16;

    /// <summary>True for 127.0.0.0/8 and ::1.</summary>
    public readonly bool IsLoopback => Family switch
    {
        AF_INET => Bytes[4] == 127,
        AF_INET6 => Bytes.Slice(8, 15).IndexOfAnyExcept((byte)0) < 0 && Bytes[23] == 1,
        _ => false,
    };

    /// <summary>True if the other is the same address with the same port.</summary>
    public readonly bool Is(in SocketAddress other) => Bytes[..Size].SequenceEqual(other.Bytes[..other.Size]);

    private readonly ReadOnlySpan<byte> Bytes => MemoryMarshal.CreateReadOnlySpan(in _first, SizeMax);

    /// <summary>Reads "1.2.3.4", "::1", "*" (every IPv4 address) or "::*" (every IPv6 address).</summary>
    public static unsafe bool TryParse(string text, int port, out SocketAddress address)
    {
        address = default;
        bool isV6 = text.Contains(':', StringComparison.Ordinal);
        if (text == "*")
        {
            text = "0.0.0.0";
        }
        if (text == "::*")
        {
            text = "::";
        }
        Span<byte> bytes = address;
        MemoryMarshal.Write(bytes, (ushort)(isV6 ? AF_INET6 : AF_INET));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)port);
        fixed (byte* raw = bytes)
        {
            if (Sockets.ParseAddress(isV6 ? AF_INET6 : AF_INET, text, raw + (isV6 ? 8 : 4)) == 1)
            {
                return true;
            }
        }
        address = default;
        return false;
    }

    /// <summary>"127.0.0.1:6379", "[::1]:6379", or "?:0" for none: the form of CLIENT LIST.</summary>
    public readonly override string ToString()
    {
        Span<byte> text = stackalloc byte[TextSizeMax];
        return Encoding.ASCII.GetString(text[..Format(text)]);
    }

    /// <summary>Writes <see cref="ToString"/>, in at most <see cref="TextSizeMax"/> bytes; returns its length.</summary>
    public readonly int Format(Span<byte> text)
    {
        int length = Family switch
        {
            AF_INET => FormatV4(text),
            AF_INET6 => FormatV6(text),
            _ => FormatNone(text),
        };
        text[length++] = (byte)':';
        Utf8Formatter.TryFormat(Port, text[length..], out int portLength);
        return length + portLength;
    }

    private readonly int FormatV4(Span<byte> text)
    {
        int length = 0;
        for (int index = 4; index < 8; index++)
        {
            if (index > 4)
            {
                text[length++] = (byte)'.';
            }
            Utf8Formatter.TryFormat(Bytes[index], text[length..], out int digitCount);
            length += digitCount;
        }
        return length;
    }

    private readonly unsafe int FormatV6(Span<byte> text)
    {
        Debug.Assert(text.Length >= TextSizeMax);
        text[0] = (byte)'[';
        Span<byte> address = text[1..];
        fixed (byte* raw = Bytes, written = address)
        {
            if (Sockets.FormatAddress(AF_INET6, raw + 8, written, AddressTextSizeMax) == null)
            {
                return FormatNone(text);
            }
        }
        int length = address.IndexOf((byte)0) + 1;
        text[length] = (byte)']';
        return length + 1;
    }

    private static int FormatNone(Span<byte> text)
    {
        text[0] = (byte)'?';
        return 1;
    }
}
