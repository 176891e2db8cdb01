using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Bixbite.Platform;

/// <summary>An IPv4 or IPv6 address with its port, laid out as Linux reads and writes it.</summary>
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
    private const int ScopeOffset = 24;

    /// <summary>No address with its port, and no path of a Unix socket, is longer as text.</summary>
    public const int TextSizeMax = 128;

    private static readonly SearchValues<char> s_v6Letters = SearchValues.Create("0123456789abcdefABCDEF:.");

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
    public static bool TryParse(string text, int port, out SocketAddress address)
    {
        address = default;
        text = text switch
        {
            "*" => "0.0.0.0",
            "::*" => "::",
            _ => text,
        };
        bool isV6 = text.Contains(':', StringComparison.Ordinal);
        Span<byte> bytes = address;
        if (!(isV6 ? TryParseV6(text, bytes.Slice(8, 16)) : TryParseV4(text, bytes.Slice(4, 4))))
        {
            address = default;
            return false;
        }
        MemoryMarshal.Write(bytes, (ushort)(isV6 ? AF_INET6 : AF_INET));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)port);
        return true;
    }

    /// <summary>The same address of .NET's.</summary>
    public static SocketAddress Of(IPEndPoint end)
    {
        SocketAddress address = default;
        Span<byte> bytes = address;
        bool isV6 = end.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        MemoryMarshal.Write(bytes, (ushort)(isV6 ? AF_INET6 : AF_INET));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)end.Port);
        end.Address.TryWriteBytes(bytes.Slice(isV6 ? 8 : 4, isV6 ? 16 : 4), out _);
        if (isV6)
        {
            MemoryMarshal.Write(bytes[ScopeOffset..], (uint)end.Address.ScopeId);
        }
        return address;
    }

    /// <summary>This address, of IPv4 or IPv6, for .NET's calls.</summary>
    public readonly IPEndPoint ToEndPoint() => new(
        Family == AF_INET6
            ? new IPAddress(Bytes.Slice(8, 16), MemoryMarshal.Read<uint>(Bytes[ScopeOffset..]))
            : new IPAddress(Bytes.Slice(4, 4)),
        Port);

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
            AF_INET => FormatV4(Bytes[4..8], text),
            AF_INET6 => FormatV6(text),
            _ => FormatNone(text),
        };
        text[length++] = (byte)':';
        Utf8Formatter.TryFormat(Port, text[length..], out int portLength);
        return length + portLength;
    }

    private static int FormatV4(ReadOnlySpan<byte> address, Span<byte> text)
    {
        int length = 0;
        for (int index = 0; index < 4; index++)
        {
            if (index > 0)
            {
                text[length++] = (byte)'.';
            }
            Utf8Formatter.TryFormat(address[index], text[length..], out int digitCount);
            length += digitCount;
        }
        return length;
    }

    /// <summary>In the form of RFC 5952, but that the last 4 bytes of an IPv4 address within stand as such.</summary>
    private readonly int FormatV6(Span<byte> text)
    {
        Debug.Assert(text.Length >= TextSizeMax);
        ReadOnlySpan<byte> address = Bytes.Slice(8, 16);
        (int zeroStart, int zeroCount) = LongestZeros(address);
        bool endsWithV4 = zeroStart == 0 && (zeroCount == 6 || (zeroCount == 5 && Group(address, 5) == 0xffff));
        int length = 0;
        text[length++] = (byte)'[';
        for (int index = 0; index < 8; index++)
        {
            if (index == zeroStart)
            {
                text[length++] = (byte)':';
                index += zeroCount - 1;
                if (index == 7)
                {
                    text[length++] = (byte)':';
                }
                continue;
            }
            if (index > 0)
            {
                text[length++] = (byte)':';
            }
            if (index == 6 && endsWithV4)
            {
                length += FormatV4(address[12..], text[length..]);
                break;
            }
            Utf8Formatter.TryFormat(Group(address, index), text[length..], out int digits, new StandardFormat('x'));
            length += digits;
        }
        text[length++] = (byte)']';
        return length;
    }

    private static ushort Group(ReadOnlySpan<byte> address, int index) => BinaryPrimitives.ReadUInt16BigEndian(address[(index * 2)..]);

    /// <summary>The first of the longest runs of at least two groups that are zero; -1 for none.</summary>
    private static (int Start, int Count) LongestZeros(ReadOnlySpan<byte> address)
    {
        (int Start, int Count) longest = (-1, 1);
        for (int start = 0; start < 8; start++)
        {
            int end = start;
            while (end < 8 && Group(address, end) == 0)
            {
                end++;
            }
            if (end - start > longest.Count)
            {
                longest = (start, end - start);
            }
            start = Math.Max(start, end - 1);
        }
        return longest;
    }

    /// <summary>Four numbers up to 255, without zeros in front: other forms that name the same bytes are none here.</summary>
    private static bool TryParseV4(ReadOnlySpan<char> text, Span<byte> address)
    {
        for (int index = 0; index < 4; index++)
        {
            int length = index < 3 ? text.IndexOf('.') : text.Length;
            if (length is < 1 or > 3 || text[..length].IndexOfAnyExceptInRange('0', '9') >= 0 || (text[0] == '0' && length > 1)
                || !byte.TryParse(text[..length], NumberStyles.None, CultureInfo.InvariantCulture, out address[index]))
            {
                return false;
            }
            text = index < 3 ? text[(length + 1)..] : default;
        }
        return true;
    }

    /// <remarks>.NET reads more: brackets, a port, a scope, a length of a prefix.</remarks>
    private static bool TryParseV6(ReadOnlySpan<char> text, Span<byte> address)
    {
        if (text.IndexOfAnyExcept(s_v6Letters) >= 0 || !IPAddress.TryParse(text, out IPAddress? parsed))
        {
            return false;
        }
        return parsed.TryWriteBytes(address, out int size) && size == 16;
    }

    private static int FormatNone(Span<byte> text)
    {
        text[0] = (byte)'?';
        return 1;
    }
}
