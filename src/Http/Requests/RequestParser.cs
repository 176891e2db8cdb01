using System.Buffers;

namespace Bixbite.Http.Requests;

/// <summary>
/// Takes the head of a request apart (RFC 9112), strictly: whatever two readers could read in two ways is refused. Used again and again by
/// one loop.
/// </summary>
public sealed class RequestParser
{
    /// <summary>A head has at most so many fields.</summary>
    public const int FieldsMax = 100;

    private static readonly SearchValues<byte> s_token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private readonly FieldPlace[] _fields = new FieldPlace[FieldsMax];

    /// <summary>Takes a head apart; <see cref="HttpStatus.None"/>, or what is answered to it.</summary>
    /// <param name="bytes">The head with its empty line.</param>
    /// <param name="request">Views of the bytes, and of what is used again for the next head.</param>
    public HttpStatus Parse(ReadOnlySpan<byte> bytes, out RequestHead request)
    {
        request = default;
        int lineLength = bytes.IndexOf("\r\n"u8);
        HttpStatus status = ParseLine(bytes[..lineLength], out Range method, out Range target, out bool isVersion11);
        if (status != HttpStatus.None)
        {
            return status;
        }
        status = ParseFields(bytes, lineLength + 2, out int fieldCount);
        if (status != HttpStatus.None)
        {
            return status;
        }
        if (!TryFindPath(bytes[target], out ReadOnlySpan<byte> path))
        {
            return HttpStatus.BadRequest;
        }
        request = new RequestHead(bytes, _fields.AsSpan(0, fieldCount))
        {
            Method = bytes[method],
            Path = path,
            IsVersion11 = isVersion11,
        };
        return ProblemOf(request);
    }

    /// <summary>The request line: <c>GET /path HTTP/1.1</c>.</summary>
    private static HttpStatus ParseLine(ReadOnlySpan<byte> line, out Range method, out Range target, out bool isVersion11)
    {
        method = target = default;
        isVersion11 = false;
        int methodEnd = line.IndexOf((byte)' ');
        int targetEnd = line.LastIndexOf((byte)' ');
        if (methodEnd <= 0 || targetEnd <= methodEnd + 1 || line[..methodEnd].ContainsAnyExcept(s_token))
        {
            return HttpStatus.BadRequest;
        }
        method = ..methodEnd;
        target = (methodEnd + 1)..targetEnd;
        if (line[target].ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            return HttpStatus.BadRequest;
        }
        ReadOnlySpan<byte> version = line[(targetEnd + 1)..];
        isVersion11 = version.SequenceEqual("HTTP/1.1"u8);
        if (isVersion11 || version.SequenceEqual("HTTP/1.0"u8))
        {
            return HttpStatus.None;
        }
        bool isOther = version.Length == 8 && version.StartsWith("HTTP/"u8) && char.IsAsciiDigit((char)version[5]) && version[6] == '.'
            && char.IsAsciiDigit((char)version[7]);
        return isOther ? HttpStatus.HttpVersionNotSupported : HttpStatus.BadRequest;
    }

    private HttpStatus ParseFields(ReadOnlySpan<byte> bytes, int start, out int count)
    {
        count = 0;
        while (true)
        {
            int length = bytes[start..].IndexOf("\r\n"u8);
            if (length == 0)
            {
                return HttpStatus.None;
            }
            if (count == FieldsMax)
            {
                return HttpStatus.RequestHeaderFieldsTooLarge;
            }
            ReadOnlySpan<byte> line = bytes.Slice(start, length);
            int nameLength = line.IndexOf((byte)':');
            if (nameLength <= 0 || line[..nameLength].ContainsAnyExcept(s_token))
            {
                // Also a line that goes on with the one before, which readers have understood in several ways.
                return HttpStatus.BadRequest;
            }
            ReadOnlySpan<byte> rest = line[(nameLength + 1)..];
            ReadOnlySpan<byte> value = rest.TrimStart(" \t"u8);
            int valueStart = nameLength + 1 + rest.Length - value.Length;
            value = value.TrimEnd(" \t"u8);
            if (HasControl(value))
            {
                return HttpStatus.BadRequest;
            }
            _fields[count++] = new FieldPlace(start, nameLength, start + valueStart, value.Length);
            start += length + 2;
        }
    }

    private static bool HasControl(ReadOnlySpan<byte> value)
    {
        foreach (byte letter in value)
        {
            if (letter is < (byte)' ' and not (byte)'\t' or 0x7F)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The path of a target: "/path?query", or the same after "http://host".</summary>
    private static bool TryFindPath(ReadOnlySpan<byte> target, out ReadOnlySpan<byte> path)
    {
        path = target;
        int scheme = target[0] == '/' ? -1 : target.IndexOf("://"u8);
        if (scheme > 0)
        {
            int slash = target[(scheme + 3)..].IndexOf((byte)'/');
            path = slash < 0 ? "/"u8 : target[(scheme + 3 + slash)..];
        }
        int query = path.IndexOf((byte)'?');
        path = query < 0 ? path : path[..query];
        // "*" is for methods that nothing here has.
        return path is [(byte)'/', ..] || path is [(byte)'*'];
    }

    /// <summary>The reply to fields by which nobody knows which host is meant, or where the next request begins.</summary>
    private static HttpStatus ProblemOf(in RequestHead request)
    {
        int hosts = request.CountOf("host"u8);
        if (hosts > 1 || (hosts == 0 && request.IsVersion11))
        {
            return HttpStatus.BadRequest;
        }
        if (request.CountOf("transfer-encoding"u8) > 0)
        {
            return HttpStatus.NotImplemented;
        }
        int lengths = request.CountOf("content-length"u8);
        if (lengths == 0)
        {
            return HttpStatus.None;
        }
        ReadOnlySpan<byte> length = request.Field("content-length"u8);
        if (lengths > 1 || length.IsEmpty || length.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return HttpStatus.BadRequest;
        }
        return length.ContainsAnyExcept((byte)'0') ? HttpStatus.ContentTooLarge : HttpStatus.None;
    }
}
