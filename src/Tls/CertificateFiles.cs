using System.Security.Cryptography;
using System.Text;
using Bixbite.Platform;
using Bixbite.Platform.OpenSsl;

namespace Bixbite.Tls;

/// <summary>
/// Reads the files of one context, and remembers whether it could. Files change rarely: they are compared by what is in them.
/// </summary>
internal sealed class CertificateFiles : IDisposable
{
    private const int SizeMax = 4 * 1024 * 1024;
    private const int O_NONBLOCK = 0x800;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>The first file that cannot be read, and why; null if all could.</summary>
    internal string? Problem { get; private set; }

    /// <summary>A hash of everything that was read so far.</summary>
    internal byte[] Fingerprint => _hash.GetCurrentHash();

    /// <summary>A file that a setting names.</summary>
    internal TlsFile Read(string setting, string path)
    {
        int descriptor = Files.open(path, Files.O_RDONLY | O_NONBLOCK);
        long result = descriptor;
        byte[] bytes = [];
        if (descriptor >= 0)
        {
            result = ReadAll(descriptor, out bytes);
            _ = Files.close(descriptor);
        }
        if (result < 0)
        {
            Problem ??= $"{setting} '{path}' cannot be read: {Errno.Text((int)-result)}";
        }
        _hash.AppendData(Encoding.UTF8.GetBytes(path));
        _hash.AppendData(bytes);
        return new TlsFile(path, bytes);
    }

    /// <summary>The files of a folder that hold certificates; others may lie beside them.</summary>
    internal List<TlsFile> ReadFolder(string setting, string path)
    {
        List<TlsFile> files = [];
        try
        {
            foreach (string file in Directory.EnumerateFiles(path).Order(StringComparer.Ordinal))
            {
                TlsFile read = Read(setting, file);
                if (read.Bytes.AsSpan().IndexOf("-----BEGIN CERTIFICATE-----"u8) >= 0)
                {
                    files.Add(read);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Problem ??= $"{setting} '{path}' cannot be read: {failure.Message}";
        }
        return files;
    }

    public void Dispose() => _hash.Dispose();

    private static long ReadAll(int descriptor, out byte[] bytes)
    {
        using MemoryStream all = new();
        byte[] part = new byte[16 * 1024];
        long count;
        while ((count = Files.read(descriptor, part)) > 0 && all.Length < SizeMax)
        {
            all.Write(part, 0, (int)count);
        }
        bytes = all.ToArray();
        return count > 0 ? -Errno.EFBIG : count;
    }
}
