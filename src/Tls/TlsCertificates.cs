using System.Globalization;
using Bixbite.Logging;
using Bixbite.Net.Channels;
using Bixbite.Platform;
using Bixbite.Platform.OpenSsl;

namespace Bixbite.Tls;

/// <summary>
/// Makes the contexts that connections are encrypted with, out of settings and files: at the start, when settings change, and when files
/// do. A context is made whole or not at all, and the one before stays in force until then. Under the execution lock.
/// </summary>
public sealed class TlsCertificates(TlsSettings settings, TlsAcceptor acceptor, ServerLog log, IClock clock)
{
    /// <summary>The reply to a CONFIG SET that cannot be done; the log says why.</summary>
    public const string Refusal = "Unable to update TLS configuration. Check server logs.";

    private const long WarnedAheadSeconds = 30 * SecondsPerDay;
    private const long SecondsPerDay = 24 * 60 * 60;

    private byte[] _fingerprint = [];
    private string _stamps = "";
    private long _lookedAtUs;
    private long _warnedAtUs = long.MinValue;

    /// <summary>The server's context; null while nothing speaks TLS.</summary>
    public TlsContext? Server => acceptor.Context;

    /// <summary>For outgoing connections, if they have a certificate of their own.</summary>
    public TlsContext? Client { get; private set; }

    /// <summary>The context with which connections are made; null while nothing speaks TLS.</summary>
    public TlsContext? Outgoing => Client ?? Server;

    private long NowSeconds => clock.UnixMs / 1000;

    /// <summary>Makes the contexts if something is to speak TLS and there are none yet; null, or why there can be none.</summary>
    public string? Prepare() => !settings.IsUsed || Server is not null ? null : Load();

    /// <summary>After a change of settings; null, or the text for the client.</summary>
    internal string? Apply()
    {
        if (!settings.IsUsed || Load() is not { } problem)
        {
            return null;
        }
        log.Write(LogLevel.Warning, $"TLS is not reconfigured: {problem}");
        return Refusal;
    }

    /// <summary>Nothing speaks TLS any more.</summary>
    internal void Settle()
    {
        if (!settings.IsUsed)
        {
            acceptor.Context = Client = null;
        }
    }

    /// <summary>Now and then: takes files that have changed, and warns of certificates that end soon.</summary>
    internal long Tick(long nowUs)
    {
        if (Server is null)
        {
            return 0;
        }
        if (settings.AutoReloadSeconds.Value > 0 && nowUs - _lookedAtUs >= settings.AutoReloadSeconds.Value * 1_000_000L)
        {
            TakeChangedFiles();
        }
        if (_warnedAtUs == long.MinValue || nowUs - _warnedAtUs >= SecondsPerDay * 1_000_000L)
        {
            Warn();
        }
        return 0;
    }

    /// <summary>Makes the contexts; null, or why the ones before stay.</summary>
    private string? Load()
    {
        _lookedAtUs = clock.MonotonicUs;
        using CertificateFiles files = new(readsContent: true);
        string? problem = Make(files, out TlsContext? server, out TlsContext? client);
        (_fingerprint, _stamps) = (files.Fingerprint, files.Stamps);
        if (problem is not null)
        {
            server?.Dispose();
            return problem;
        }
        acceptor.Context = server;
        Client = client;
        _warnedAtUs = long.MinValue;
        return null;
    }

    private string? Make(CertificateFiles files, out TlsContext? server, out TlsContext? client)
    {
        server = client = null;
        if (Missing() is { } missing)
        {
            return missing;
        }
        if (settings.Protocol.ReadVersions(out bool allowsTls12, out bool allowsTls13) is { } wrong)
        {
            return wrong;
        }
        TlsContextOptions options = ReadOptions(files) with { AllowsTls12 = allowsTls12, AllowsTls13 = allowsTls13 };
        TlsContextOptions? clientOptions = ReadClientOptions(files, options);
        if (files.Problem is not null)
        {
            return files.Problem;
        }
        server = TlsContextMaker.Create(options, out string problem);
        if (server is not null && clientOptions is not null)
        {
            client = TlsContextMaker.Create(clientOptions, out problem);
        }
        return problem.Length > 0 ? problem : null;
    }

    private string? Missing()
    {
        TlsFileSettings files = settings.Files;
        if (!files.Certificate.IsSet)
        {
            return "No tls-cert-file configured!";
        }
        if (!files.Key.IsSet)
        {
            return "No tls-key-file configured!";
        }
        bool needsTrust = settings.AuthClients.Value != PeerVerification.None || settings.Cluster.Value || settings.Replication.Value;
        return needsTrust && !files.TrustedFile.IsSet && !files.TrustedFolder.IsSet
            ? "Either tls-ca-cert-file or tls-ca-cert-dir must be specified when tls-cluster, tls-replication or tls-auth-clients are "
                + "enabled!"
            : null;
    }

    private TlsContextOptions ReadOptions(CertificateFiles read)
    {
        TlsFileSettings files = settings.Files;
        TlsProtocolSettings protocol = settings.Protocol;
        List<TlsFile> trusted = [];
        if (files.TrustedFile.IsSet)
        {
            trusted.Add(read.Read(files.TrustedFile.Name, files.TrustedFile.Value));
        }
        if (files.TrustedFolder.IsSet)
        {
            trusted.AddRange(read.ReadFolder(files.TrustedFolder.Name, files.TrustedFolder.Value));
        }
        return new TlsContextOptions
        {
            Certificate = read.Read(files.Certificate.Name, files.Certificate.Value),
            Key = read.Read(files.Key.Name, files.Key.Value),
            KeyPassword = files.KeyPassword.Bytes.ToArray(),
            Trusted = trusted,
            DhParameters = files.DhParameters.IsSet ? read.Read(files.DhParameters.Name, files.DhParameters.Value) : null,
            Ciphers = protocol.Ciphers.Value,
            CipherSuites = protocol.CipherSuites.Value,
            PrefersServerCiphers = protocol.PreferServerCiphers.Value,
            IsResumable = protocol.SessionCaching.Value,
            CachedSessionsMax = protocol.SessionCacheSize.Value,
            SessionSeconds = protocol.SessionCacheTimeoutSeconds.Value,
        };
    }

    /// <summary>As the server's, with the certificate for outgoing connections; null if they have none of their own.</summary>
    private TlsContextOptions? ReadClientOptions(CertificateFiles read, TlsContextOptions options)
    {
        TlsFileSettings files = settings.Files;
        if (!files.ClientCertificate.IsSet || !files.ClientKey.IsSet)
        {
            return null;
        }
        return options with
        {
            Certificate = read.Read(files.ClientCertificate.Name, files.ClientCertificate.Value),
            Key = read.Read(files.ClientKey.Name, files.ClientKey.Value),
            KeyPassword = files.ClientKeyPassword.Bytes.ToArray(),
        };
    }

    private void TakeChangedFiles()
    {
        _lookedAtUs = clock.MonotonicUs;
        if (!HaveFilesChanged())
        {
            log.Write(LogLevel.Debug, "TLS reload skipped: materials unchanged");
            return;
        }
        if (Load() is { } problem)
        {
            log.Write(LogLevel.Warning, $"The files of TLS have changed and are not used: {problem}. Those from before stay in force.");
            return;
        }
        log.Write(LogLevel.Notice, "TLS materials reloaded successfully");
    }

    /// <summary>Everybody waits meanwhile, so files are read only where one of them has another state than before.</summary>
    private bool HaveFilesChanged()
    {
        using CertificateFiles look = new(readsContent: false);
        _ = ReadClientOptions(look, ReadOptions(look));
        if (look.Stamps == _stamps)
        {
            return false;
        }
        using CertificateFiles read = new(readsContent: true);
        _ = ReadClientOptions(read, ReadOptions(read));
        _stamps = read.Stamps;
        return !read.Fingerprint.AsSpan().SequenceEqual(_fingerprint);
    }

    private void Warn()
    {
        _warnedAtUs = clock.MonotonicUs;
        Warn("tls-cert-file", Server!.Certificate);
        Warn("tls-client-cert-file", Client?.Certificate);
        Warn("tls-ca-cert-file or tls-ca-cert-dir", Server.Trusted);
    }

    private void Warn(string setting, CertificateFacts? certificate)
    {
        if (certificate is null || certificate.ExpiresAt - NowSeconds > WarnedAheadSeconds)
        {
            return;
        }
        long left = certificate.ExpiresAt - NowSeconds;
        string when = left < 0 ? "has expired"
            : string.Create(CultureInfo.InvariantCulture, $"expires in {left / SecondsPerDay} days");
        log.Write(
            LogLevel.Warning,
            $"The certificate {certificate.Serial} of {setting} {when}: put a new one in its place, which is used without a restart.");
    }
}
