using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Bixbite.Platform;

/// <summary>
/// Random bytes of the kernel, fit for secrets. In Linux the framework's own generator would load the whole of OpenSSL, which a server
/// without TLS and passwords does without.
/// </summary>
public static unsafe partial class SystemRandom
{
    public static void Fill(Span<byte> bytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomNumberGenerator.Fill(bytes);
            return;
        }
        for (int filled = 0; filled < bytes.Length;)
        {
            long count;
            fixed (byte* first = bytes[filled..])
            {
                count = Libc.Result(GetRandom(first, (nuint)(bytes.Length - filled), 0));
            }
            if (count < 0 && count != -Errno.EINTR)
            {
                throw new IOException($"The kernel gives no random bytes: {Errno.Text((int)-count)}");
            }
            filled += (int)Math.Max(count, 0);
        }
    }

    /// <summary>A number of 64 random bits.</summary>
    public static ulong Number()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        Fill(bytes);
        return BitConverter.ToUInt64(bytes);
    }

    /// <summary>Lower-case hexadecimal digits of random bits.</summary>
    public static string Hex(int digitCount)
    {
        var bytes = new byte[(digitCount + 1) / 2];
        Fill(bytes);
        return Convert.ToHexStringLower(bytes)[..digitCount];
    }

    [LibraryImport(Libc.Name, EntryPoint = "getrandom")]
    private static partial nint GetRandom(byte* bytes, nuint size, uint flags);
}
