using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Bixbite.Tool.Connecting;

/// <summary>How a connection is encrypted, by files in PEM.</summary>
internal sealed class TlsOptions
{
    public bool IsOn { get; set; }

    /// <summary>The name that the server is asked for and its certificate must have; empty for the host's.</summary>
    public string ServerName { get; set; } = "";

    /// <summary>Certificates that are trusted in place of the system's; empty for those.</summary>
    public string AuthorityFile { get; set; } = "";

    public string CertificateFile { get; set; } = "";

    public string KeyFile { get; set; } = "";

    /// <summary>The server's certificate is not checked.</summary>
    public bool IsInsecure { get; set; }

    /// <summary>Agrees on encryption over the stream, which the result owns.</summary>
    /// <exception cref="ToolException">A file cannot be used.</exception>
    public async Task<Stream> WrapAsync(Stream stream, string host, CancellationToken cancellation)
    {
        SslClientAuthenticationOptions options = new()
        {
            TargetHost = ServerName.Length > 0 ? ServerName : host,
            ClientCertificates = Certificates(),
            RemoteCertificateValidationCallback = (_, _, _, problems) => IsInsecure || problems == SslPolicyErrors.None,
        };
        if (AuthorityFile.Length > 0)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(Read("--cacert", AuthorityFile, ReadAll));
        }
        SslStream encrypted = new(stream);
        await encrypted.AuthenticateAsClientAsync(options, cancellation).ConfigureAwait(false);
        return encrypted;
    }

    private static X509Certificate2Collection ReadAll(string path)
    {
        X509Certificate2Collection certificates = [];
        certificates.ImportFromPemFile(path);
        return certificates;
    }

    private X509Certificate2Collection Certificates()
    {
        if (CertificateFile.Length == 0)
        {
            return [];
        }
        string key = KeyFile.Length > 0 ? KeyFile : CertificateFile;
        return [Read("--cert and --key", CertificateFile, path => X509Certificate2.CreateFromPemFile(path, key))];
    }

    private static T Read<T>(string option, string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException
            or System.Security.Cryptography.CryptographicException)
        {
            throw new ToolException($"The file of {option} cannot be used: {path}: {exception.Message}");
        }
    }
}
