using System.Runtime.InteropServices;

namespace Bixbite.Platform.OpenSsl;

/// <summary>
/// Finds OpenSSL under the names that it has in macOS, where it is no part of the system: beside the program, or where Homebrew puts it.
/// </summary>
internal static class OpenSslNames
{
    private static readonly string[] s_folders = ["", "/opt/homebrew/opt/openssl@3/lib/", "/usr/local/opt/openssl@3/lib/"];

    /// <summary>From now on the imports of this project are found there too. Once per process.</summary>
    internal static void Install()
    {
        if (OperatingSystem.IsMacOS())
        {
            NativeLibrary.SetDllImportResolver(typeof(OpenSslNames).Assembly, static (name, assembly, searchPath) => Find(name));
        }
    }

    /// <summary>The library, or 0 if there is none or it is another: then the usual search goes on.</summary>
    internal static nint Find(string name)
    {
        if (!OperatingSystem.IsMacOS() || name is not (Ssl.SslName or Ssl.CryptoName))
        {
            return 0;
        }
        string file = name == Ssl.SslName ? "libssl.3.dylib" : "libcrypto.3.dylib";
        foreach (string folder in s_folders)
        {
            if (NativeLibrary.TryLoad(folder.Length == 0 ? Path.Combine(AppContext.BaseDirectory, file) : folder + file, out nint library))
            {
                return library;
            }
        }
        return 0;
    }
}
