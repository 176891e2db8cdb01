using System.Security.Cryptography;
using System.Text;
using Bixbite.Platform;
using Bixbite.Platform.OpenSsl;

namespace Bixbite.Tls;

/// <summary>
/// Goes through the files of one context, reads them or only looks at them, and remembers whether it could. Two goes tell whether the files
/// have changed meanwhile: by their states, which costs a system call a file, or by what is in them.
/// </summary>
/// <param name="readsContent">False: what is returned is empty, and no file is opened.</param>
internal sealed class CertificateFiles(bool readsContent) : IDisposable
{
    private const int SizeMax = 4 * 1024 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly StringBuilder _stamps = new();

    /// <summary>The first file that cannot be read, and why; null if all could.</summary>
    internal string? Problem { get; private set; }

    /// <summary>A hash of everything that was read so far.</summary>
    internal byte[] Fingerprint => _hash.GetCurrentHash();

    /// <summary>The names of all files so far, and their states before they were read: size, times, inode.</summary>
    internal string Stamps => _stamps.ToString();

    /// <summary>A file that a setting names.</summary>
    internal TlsFile Read(string setting, string path)
    {
        int state = Files.statx(path, out FileStatus status, followsLinks: true);
        _stamps.Append(path).Append(' ').Append(state < 0 ? Errno.Text(-state) : status.Stamp).Append('\n');
        byte[] bytes = [];
        if (readsContent)
        {
            if (Files.ReadAll(path, SizeMax, out bytes) is < 0 and var result)
            {
                Problem ??= $"{setting} '{path}' cannot be read: {Errno.Text(-result)}";
            }
            _hash.AppendData(Encoding.UTF8.GetBytes(path));
            _hash.AppendData(bytes);
        }
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
            _stamps.Append(path).Append(' ').Append(failure.Message).Append('\n');
        }
        return files;
    }

    public void Dispose() => _hash.Dispose();
}
