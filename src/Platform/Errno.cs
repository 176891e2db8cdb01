using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Bixbite.Platform;

/// <summary>
/// The kernel's error numbers that this code tells apart, as Linux numbers them, on every system. Calls return them negated.
/// </summary>
public static class Errno
{
    public const int EPERM = 1;
    public const int ENOENT = 2;
    public const int EINTR = 4;
    public const int EIO = 5;
    public const int ENXIO = 6;
    public const int EBADF = 9;
    public const int EAGAIN = 11;
    public const int ENOMEM = 12;
    public const int EACCES = 13;
    public const int EEXIST = 17;
    public const int EBUSY = 16;
    public const int EXDEV = 18;
    public const int ENOTDIR = 20;
    public const int EISDIR = 21;
    public const int EINVAL = 22;
    public const int ENFILE = 23;
    public const int EMFILE = 24;
    public const int EFBIG = 27;
    public const int ENOSPC = 28;
    public const int EROFS = 30;
    public const int EPIPE = 32;
    public const int ENAMETOOLONG = 36;
    public const int ELOOP = 40;
    public const int ENOPROTOOPT = 92;
    public const int EPROTONOSUPPORT = 93;
    public const int ESOCKTNOSUPPORT = 94;
    public const int EOPNOTSUPP = 95;
    public const int EPFNOSUPPORT = 96;
    public const int EAFNOSUPPORT = 97;
    public const int EADDRINUSE = 98;
    public const int EADDRNOTAVAIL = 99;
    public const int ENETUNREACH = 101;
    public const int ECONNABORTED = 103;
    public const int ECONNRESET = 104;
    public const int ENOBUFS = 105;
    public const int EISCONN = 106;
    public const int ENOTCONN = 107;
    public const int ETIMEDOUT = 110;
    public const int ECONNREFUSED = 111;
    public const int EHOSTUNREACH = 113;
    public const int EALREADY = 114;
    public const int EINPROGRESS = 115;
    public const int ESTALE = 116;
    public const int EDQUOT = 122;
    public const int ECANCELED = 125;

    /// <summary>Those that macOS numbers otherwise, by its numbers; below 35 the others are the same.</summary>
    private static readonly FrozenDictionary<int, int> s_ofMacOS = new Dictionary<int, int>
    {
        [35] = EAGAIN, [36] = EINPROGRESS, [37] = EALREADY, [42] = ENOPROTOOPT, [43] = EPROTONOSUPPORT, [44] = ESOCKTNOSUPPORT,
        [45] = EOPNOTSUPP, [46] = EPFNOSUPPORT, [47] = EAFNOSUPPORT, [48] = EADDRINUSE, [49] = EADDRNOTAVAIL, [51] = ENETUNREACH,
        [53] = ECONNABORTED, [54] = ECONNRESET, [55] = ENOBUFS, [56] = EISCONN, [57] = ENOTCONN, [60] = ETIMEDOUT,
        [61] = ECONNREFUSED, [62] = ELOOP, [63] = ENAMETOOLONG, [65] = EHOSTUNREACH, [69] = ENOSPC, [70] = ESTALE, [89] = ECANCELED,
        [102] = EOPNOTSUPP,
    }.ToFrozenDictionary();

    /// <summary>Those of Windows' own numbers that files come with.</summary>
    private static readonly FrozenDictionary<int, int> s_ofWindows = new Dictionary<int, int>
    {
        [2] = ENOENT, [3] = ENOENT, [4] = EMFILE, [5] = EACCES, [6] = EBADF, [8] = ENOMEM, [14] = ENOMEM, [15] = ENOENT,
        [17] = EXDEV, [19] = EROFS, [32] = EAGAIN, [33] = EAGAIN, [39] = ENOSPC, [80] = EEXIST, [87] = EINVAL,
        [109] = EPIPE, [112] = ENOSPC, [123] = ENOENT, [183] = EEXIST, [206] = ENAMETOOLONG, [223] = EFBIG, [232] = EPIPE, [267] = ENOTDIR,
        [1392] = EIO, [1784] = EINVAL,
    }.ToFrozenDictionary();

    /// <summary>The GNU C library's texts, for systems whose numbers or texts are others.</summary>
    private static readonly FrozenDictionary<int, string> s_texts = new Dictionary<int, string>
    {
        [EPERM] = "Operation not permitted", [ENOENT] = "No such file or directory", [EINTR] = "Interrupted system call",
        [EIO] = "Input/output error", [ENXIO] = "No such device or address", [EBADF] = "Bad file descriptor",
        [EBUSY] = "Device or resource busy", [EAGAIN] = "Resource temporarily unavailable",
        [ENOMEM] = "Cannot allocate memory",
        [EACCES] = "Permission denied", [EEXIST] = "File exists", [EXDEV] = "Invalid cross-device link", [ENOTDIR] = "Not a directory",
        [EISDIR] = "Is a directory", [EINVAL] = "Invalid argument", [ENFILE] = "Too many open files in system",
        [EMFILE] = "Too many open files", [EFBIG] = "File too large", [ENOSPC] = "No space left on device",
        [EROFS] = "Read-only file system", [EPIPE] = "Broken pipe", [ENAMETOOLONG] = "File name too long",
        [ELOOP] = "Too many levels of symbolic links",
        [ENOPROTOOPT] = "Protocol not available", [EPROTONOSUPPORT] = "Protocol not supported",
        [ESOCKTNOSUPPORT] = "Socket type not supported", [EOPNOTSUPP] = "Operation not supported",
        [EPFNOSUPPORT] = "Protocol family not supported", [EAFNOSUPPORT] = "Address family not supported by protocol",
        [EADDRINUSE] = "Address already in use", [EADDRNOTAVAIL] = "Cannot assign requested address",
        [ENETUNREACH] = "Network is unreachable", [EHOSTUNREACH] = "No route to host",
        [ECONNABORTED] = "Software caused connection abort", [ECONNRESET] = "Connection reset by peer",
        [ENOBUFS] = "No buffer space available", [EISCONN] = "Transport endpoint is already connected",
        [ENOTCONN] = "Transport endpoint is not connected", [ETIMEDOUT] = "Connection timed out",
        [ECONNREFUSED] = "Connection refused", [EALREADY] = "Operation already in progress",
        [EINPROGRESS] = "Operation now in progress", [ESTALE] = "Stale file handle",
        [EDQUOT] = "Disk quota exceeded", [ECANCELED] = "Operation canceled",
    }.ToFrozenDictionary();

    /// <summary>The C library's text for a positive error number, such as "Address already in use".</summary>
    public static string Text(int errno) => !Portability.IsOn
        ? Marshal.GetPInvokeErrorMessage(errno)
        : KnownText(errno);

    /// <summary>The same without asking the C library.</summary>
    internal static string KnownText(int errno) =>
        s_texts.TryGetValue(errno, out string? text) ? text : string.Create(CultureInfo.InvariantCulture, $"Unknown error {errno}");

    /// <summary>Why .NET could not do something with a file or folder.</summary>
    public static int Of(Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException or DriveNotFoundException => ENOENT,
        PathTooLongException => ENAMETOOLONG,
        // Of .NET's one exception for EACCES, EBADF and EPERM the inner one tells which it is.
        UnauthorizedAccessException =>
            failure.InnerException is IOException inner && OfHResult(inner.HResult) is (EPERM or EBADF) and var errno ? errno : EACCES,
        IOException => OfHResult(failure.HResult),
        ArgumentOutOfRangeException => EFBIG,
        ArgumentException or NotSupportedException => EINVAL,
        ObjectDisposedException => EBADF,
        OutOfMemoryException => ENOMEM,
        _ => EIO,
    };

    /// <summary>It is one of the exceptions that <see cref="Of"/> knows; others are not to be caught.</summary>
    public static bool IsOfFiles(Exception failure) =>
        failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException
            or ObjectDisposedException;

    /// <summary>The number that stands here for one of the system's own.</summary>
    internal static int OfSystem(int number) =>
        !OperatingSystem.IsMacOS() ? number : s_ofMacOS.TryGetValue(number, out int errno) ? errno : number < 35 ? number : EIO;

    /// <remarks>.NET hands a kernel's number on as it is; those of Windows have its mark in their upper half.</remarks>
    internal static int OfHResult(int result)
    {
        const uint OfWindows = 0x8007_0000;
        if (((uint)result & 0xFFFF_0000) == OfWindows)
        {
            return s_ofWindows.TryGetValue(result & 0xFFFF, out int errno) ? errno : EIO;
        }
        return result is > 0 and < 200 ? OfSystem(result) : EIO;
    }
}
