using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Bixbite.Memory;

namespace Bixbite.Http.Replies;

/// <summary>
/// Writes replies to a loop's output, one after the other: <see cref="Begin"/>, fields, and <see cref="End"/>. Browsers are told with each
/// of them to trust nothing but this server's own files.
/// </summary>
internal sealed class HttpReply(NativeBuffer output)
{
    public const string PlainText = "text/plain; charset=utf-8";

    private const int NumberSizeMax = 20;

    private bool _isHead;
    private bool _keepsAlive;
    private bool _hasBody;

    private static ReadOnlySpan<byte> Fixed =>
        "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "u8
        + "frame-ancestors 'none'; base-uri 'none'; form-action 'none'\r\n"u8
        + "X-Content-Type-Options: nosniff\r\n"u8
        + "X-Frame-Options: DENY\r\n"u8
        + "Referrer-Policy: no-referrer\r\n"u8
        + "Cross-Origin-Opener-Policy: same-origin\r\n"u8
        + "Cross-Origin-Resource-Policy: same-origin\r\n"u8;

    /// <summary>The connection goes on after the reply.</summary>
    public bool KeepsAlive => _keepsAlive;

    /// <summary>Of the reply that comes next: whether only its head is wanted, and whether others may follow.</summary>
    public void Expect(bool isHead, bool keepsAlive)
    {
        _isHead = isHead;
        _keepsAlive = keepsAlive;
    }

    /// <summary>The status line, and what stands in every reply.</summary>
    public void Begin(HttpStatus status, long unixMs)
    {
        _hasBody = status != HttpStatus.NotModified;
        Write("HTTP/1.1 "u8);
        Write((int)status);
        Write(" "u8);
        Write(HttpStatusText.Of(status));
        Write("\r\nDate: "u8);
        Write(DateTimeOffset.FromUnixTimeMilliseconds(unixMs).ToString("r", CultureInfo.InvariantCulture));
        Write("\r\n"u8);
        Write(Fixed);
        Write(_keepsAlive ? "Connection: keep-alive\r\n"u8 : "Connection: close\r\n"u8);
    }

    public void Field(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Write(name);
        Write(": "u8);
        Write(value);
        Write("\r\n"u8);
    }

    public void Field(ReadOnlySpan<byte> name, string value)
    {
        Write(name);
        Write(": "u8);
        Write(value);
        Write("\r\n"u8);
    }

    /// <summary>The size of the body, and the body unless only the head is wanted.</summary>
    public void End(ReadOnlySpan<byte> body)
    {
        if (_hasBody)
        {
            Write("Content-Length: "u8);
            Write(body.Length);
            Write("\r\n"u8);
        }
        Write("\r\n"u8);
        if (_hasBody && !_isHead)
        {
            Write(body);
        }
    }

    /// <summary>A reply that says what is the matter in plain text.</summary>
    public void Text(HttpStatus status, string text, long unixMs)
    {
        Begin(status, unixMs);
        EndText(text);
    }

    /// <summary>The rest of such a reply, behind fields of its own.</summary>
    public void EndText(string text)
    {
        Field("Content-Type"u8, PlainText);
        Field("Cache-Control"u8, "no-store"u8);
        End(Encoding.UTF8.GetBytes(text + "\n"));
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(output.Reserve(bytes.Length));
        output.Advance(bytes.Length);
    }

    private void Write(string text)
    {
        Span<byte> room = output.Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        output.Advance(Encoding.UTF8.GetBytes(text, room));
    }

    private void Write(int number)
    {
        Utf8Formatter.TryFormat(number, output.Reserve(NumberSizeMax), out int written);
        output.Advance(written);
    }
}
