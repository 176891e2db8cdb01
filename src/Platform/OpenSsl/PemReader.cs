using System.Buffers;

namespace Bixbite.Platform.OpenSsl;

/// <summary>
/// The text of a PEM file as OpenSSL reads it, one part after the other. The text stays where it is until the reader is disposed.
/// </summary>
internal sealed unsafe class PemReader : IDisposable
{
    private readonly MemoryHandle _text;

    internal PemReader(TlsFile file)
    {
        byte[] bytes = file.Bytes;
        _text = bytes.AsMemory().Pin();
        Bio = Ssl.BIO_new_mem_buf(bytes.Length == 0 ? null : (byte*)_text.Pointer, bytes.Length);
    }

    /// <summary>For the functions that read a part.</summary>
    internal nint Bio { get; }

    /// <summary>The next certificate, which the caller frees; 0 if there is none, or it is none.</summary>
    internal nint NextCertificate() => Ssl.PEM_read_bio_X509(Bio, 0, 0, null);

    public void Dispose()
    {
        _ = Ssl.BIO_free(Bio);
        _text.Dispose();
    }
}
