using System.Runtime.InteropServices;
using System.Text;

namespace Bixbite.Platform.OpenSsl;

/// <summary>Whether this system has OpenSSL 3, and its errors as text.</summary>
public static unsafe class OpenSslLibrary
{
    private const int ReasonPemNoStartLine = 108;
    private const int LibraryPem = 9;

    /// <summary>The loaded library's version, such as "OpenSSL 3.0.19 27 Jan 2026".</summary>
    public static string Version => Text(Ssl.OpenSSL_version(0));

    static OpenSslLibrary() => OpenSslNames.Install();

    /// <summary>Loads it, unless it is loaded already; null, or why it cannot be.</summary>
    /// <remarks>In Windows C's <c>long</c> has four bytes, and nothing of this has been tried there.</remarks>
    public static string? Load()
    {
        if (OperatingSystem.IsWindows())
        {
            return "TLS is not offered on Windows";
        }
        foreach (string name in (ReadOnlySpan<string>)[Ssl.CryptoName, Ssl.SslName])
        {
            if (OpenSslNames.Find(name) == 0 && !NativeLibrary.TryLoad(name, typeof(OpenSslLibrary).Assembly, searchPath: null, out _))
            {
                return $"{name} (OpenSSL 3) cannot be loaded";
            }
        }
        return null;
    }

    /// <summary>The reason of the latest error on this thread, which is forgotten with all others.</summary>
    internal static string TakeError()
    {
        ulong error = Ssl.ERR_peek_last_error();
        string reason = error == 0 ? "" : Text(Ssl.ERR_reason_error_string(error));
        Ssl.ERR_clear_error();
        return reason.Length > 0 ? reason : "unknown reason";
    }

    /// <summary>After a PEM reader has returned nothing: true if the text is at its end, false if what stands there is no good.</summary>
    internal static bool IsEndOfPem()
    {
        ulong error = Ssl.ERR_peek_last_error();
        return (error & 0x7F_FFFF) == ReasonPemNoStartLine && ((error >> 23) & 0xFF) == LibraryPem;
    }

    private static string Text(byte* bytes) =>
        bytes == null ? "" : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(bytes));
}
