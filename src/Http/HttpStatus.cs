namespace Bixbite.Http;

/// <summary>The statuses of replies that are used here (RFC 9110, section 15).</summary>
public enum HttpStatus
{
    /// <summary>No reply.</summary>
    None = 0,
    SwitchingProtocols = 101,
    Ok = 200,
    NotModified = 304,
    PermanentRedirect = 308,
    BadRequest = 400,
    Unauthorized = 401,
    Forbidden = 403,
    NotFound = 404,
    MethodNotAllowed = 405,
    NotAcceptable = 406,
    RequestTimeout = 408,
    ContentTooLarge = 413,
    UpgradeRequired = 426,
    TooManyRequests = 429,
    RequestHeaderFieldsTooLarge = 431,
    NotImplemented = 501,
    ServiceUnavailable = 503,
    HttpVersionNotSupported = 505,
}

/// <summary>Their words.</summary>
internal static class HttpStatusText
{
    public static ReadOnlySpan<byte> Of(HttpStatus status) => status switch
    {
        HttpStatus.SwitchingProtocols => "Switching Protocols"u8,
        HttpStatus.Ok => "OK"u8,
        HttpStatus.NotModified => "Not Modified"u8,
        HttpStatus.PermanentRedirect => "Permanent Redirect"u8,
        HttpStatus.BadRequest => "Bad Request"u8,
        HttpStatus.Unauthorized => "Unauthorized"u8,
        HttpStatus.Forbidden => "Forbidden"u8,
        HttpStatus.NotFound => "Not Found"u8,
        HttpStatus.MethodNotAllowed => "Method Not Allowed"u8,
        HttpStatus.NotAcceptable => "Not Acceptable"u8,
        HttpStatus.RequestTimeout => "Request Timeout"u8,
        HttpStatus.ContentTooLarge => "Content Too Large"u8,
        HttpStatus.UpgradeRequired => "Upgrade Required"u8,
        HttpStatus.TooManyRequests => "Too Many Requests"u8,
        HttpStatus.RequestHeaderFieldsTooLarge => "Request Header Fields Too Large"u8,
        HttpStatus.NotImplemented => "Not Implemented"u8,
        HttpStatus.ServiceUnavailable => "Service Unavailable"u8,
        HttpStatus.HttpVersionNotSupported => "HTTP Version Not Supported"u8,
        _ => ""u8,
    };
}
