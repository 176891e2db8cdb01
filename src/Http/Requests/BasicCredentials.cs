using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Bixbite.Http.Requests;

/// <summary>A name and a password as <c>Authorization: Basic</c> has them (RFC 7617).</summary>
internal static class BasicCredentials
{
    /// <summary>Longer ones are those of nobody.</summary>
    private const int SizeMax = 4096;

    /// <summary>Reads the value of the field; null if it is something else.</summary>
    public static (byte[] Name, byte[] Password)? Read(ReadOnlySpan<byte> value)
    {
        int space = value.IndexOf((byte)' ');
        if (space < 0 || value.Length > SizeMax || !Ascii.EqualsIgnoreCase(value[..space], "Basic"u8))
        {
            return null;
        }
        ReadOnlySpan<byte> encoded = value[space..].Trim((byte)' ');
        Span<byte> decoded = stackalloc byte[SizeMax];
        if (Base64.DecodeFromUtf8(encoded, decoded, out _, out int length) != OperationStatus.Done)
        {
            return null;
        }
        int colon = decoded[..length].IndexOf((byte)':');
        return colon < 0 ? null : (decoded[..colon].ToArray(), decoded[(colon + 1)..length].ToArray());
    }
}
