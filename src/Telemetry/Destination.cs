using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bixbite.Hosting;
using Bixbite.Hosting.Telemetry;
using Bixbite.Logging;
using OpenTelemetry.Exporter;

namespace Bixbite.Telemetry;

/// <summary>
/// Where one kind of what a server tells is sent, and how. A setting that has another value than its default goes before a variable of the
/// environment. OpenTelemetry's own exporter knows the variables that are common to all kinds alone.
/// </summary>
internal sealed class Destination
{
    private const int TimeoutUsualMs = 10_000;

    private readonly ServerLog _log;
    private readonly SignalVariables _variables;
    private readonly Uri _endpoint;

    private Destination(string what, TelemetrySettings settings, Uri endpoint, ServerLog log)
    {
        What = what;
        _log = log;
        _variables = new SignalVariables(what);
        IsGrpc = settings.Protocol.IsDefault ? IsGrpcAsked() : settings.Protocol.Value == OtlpForm.Grpc;
        bool isWhole = !settings.Endpoint.IsSet && _variables.HasOwn("ENDPOINT");
        _endpoint = IsGrpc || isWhole ? endpoint : WithPath(endpoint, $"/v1/{what}");
    }

    /// <summary>"metrics" or "traces".</summary>
    public string What { get; }

    public bool IsGrpc { get; }

    /// <summary>Where it is sent; null if nobody says where, or it is not wanted.</summary>
    /// <param name="what">As <see cref="What"/>.</param>
    /// <param name="settings">Those of the server.</param>
    /// <param name="log">Is told of variables that are not heeded, and of what is not received.</param>
    /// <exception cref="ServerStartException">It is no URL.</exception>
    public static Destination? Find(string what, TelemetrySettings settings, ServerLog log)
    {
        SignalVariables variables = new(what);
        bool isUnwanted = SignalVariables.Of($"OTEL_{what.ToUpperInvariant()}_EXPORTER").Equals("none", StringComparison.OrdinalIgnoreCase);
        string text = settings.Endpoint.IsSet ? settings.Endpoint.Value : variables["ENDPOINT"];
        if (isUnwanted || text.Length == 0)
        {
            return null;
        }
        return Uri.TryCreate(text, UriKind.Absolute, out Uri? endpoint) && endpoint.Scheme is "http" or "https"
            ? new Destination(what, settings, endpoint, log)
            : throw Refusal(variables.NameOf("ENDPOINT"), "it must be a URL that begins with http:// or https://");
    }

    /// <summary>Has an exporter send there.</summary>
    /// <exception cref="ServerStartException">Files or headers of the variables cannot be used.</exception>
    public void Apply(OtlpExporterOptions exporter)
    {
        exporter.Protocol = IsGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = _endpoint;
        exporter.Headers = ReadHeaders();
        exporter.Compression = IsCompressionAsked() ? OtlpExportCompression.GZip : OtlpExportCompression.None;
        exporter.TimeoutMilliseconds = ReadTimeoutMs();
        int answerSizeMax = exporter.MaxResponseSizeBytes;
        var timeout = TimeSpan.FromMilliseconds(exporter.TimeoutMilliseconds);
        SocketsHttpHandler sockets = CreateSockets();
        exporter.HttpClientFactory = () => new HttpClient(new SendingLog(new WholeAnswer(sockets, answerSizeMax), _log, this))
        {
            Timeout = timeout,
            MaxResponseContentBufferSize = answerSizeMax,
        };
    }

    /// <summary>The path goes before the question mark, if there is one.</summary>
    private static Uri WithPath(Uri endpoint, string path) =>
        new UriBuilder(endpoint) { Path = endpoint.AbsolutePath.TrimEnd('/') + path }.Uri;

    private static ServerStartException Refusal(string name, string reason) =>
        OtlpExport.Refusal($"The variable {name} of the environment cannot be used: {reason}.");

    private bool IsGrpcAsked()
    {
        string asked = _variables["PROTOCOL"];
        if (asked is not ("" or "grpc" or "http/protobuf"))
        {
            Ignore("PROTOCOL", "it may be grpc or http/protobuf");
        }
        return asked == "grpc";
    }

    private bool IsCompressionAsked()
    {
        string asked = _variables["COMPRESSION"].ToUpperInvariant();
        if (asked is not ("" or "NONE" or "GZIP"))
        {
            Ignore("COMPRESSION", "it may be none or gzip");
        }
        return asked == "GZIP";
    }

    private int ReadTimeoutMs()
    {
        string asked = _variables["TIMEOUT"];
        if (int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out int timeoutMs) && timeoutMs > 0)
        {
            return timeoutMs;
        }
        if (asked.Length > 0)
        {
            Ignore("TIMEOUT", "it must be a number of milliseconds");
        }
        return TimeoutUsualMs;
    }

    private void Ignore(string name, string reason) =>
        _log.Write(LogLevel.Warning, $"Telemetry: the variable {_variables.NameOf(name)} is not heeded: {reason}.");

    /// <summary>Tried at once, since an exporter says to nobody that it cannot send them.</summary>
    private string? ReadHeaders()
    {
        string headers = _variables["HEADERS"];
        if (headers.Length == 0)
        {
            return null;
        }
        using HttpRequestMessage trial = new();
        foreach (string header in Uri.UnescapeDataString(headers).Split(','))
        {
            string[] parts = header.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts.Length < 2 || !TryAdd(trial, parts[0], parts[1]))
            {
                throw Refusal(_variables.NameOf("HEADERS"), "it must be name=value,name=value, with names that headers may have");
            }
        }
        return headers;
    }

    private static bool TryAdd(HttpRequestMessage trial, string name, string value)
    {
        try
        {
            bool isNew = !trial.Headers.Contains(name);
            trial.Headers.Add(name, value);
            return isNew;
        }
        catch (Exception failure) when (failure is FormatException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Redirections are not followed: what is sent, and a password with it, is for nobody else.</summary>
    private SocketsHttpHandler CreateSockets()
    {
        SocketsHttpHandler sockets = new() { AllowAutoRedirect = false, UseCookies = false };
        if (Read("CERTIFICATE", ReadAuthorities) is { } authorities)
        {
            sockets.SslOptions.CertificateChainPolicy = authorities;
        }
        if (Read("CLIENT_CERTIFICATE", ReadCertificate) is { } certificate)
        {
            sockets.SslOptions.ClientCertificates = [certificate];
        }
        return sockets;
    }

    private T? Read<T>(string name, Func<string, T> read) where T : class
    {
        try
        {
            return _variables[name] is { Length: > 0 } path ? read(path) : null;
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw Refusal(_variables.NameOf(name), failure.Message.TrimEnd('.'));
        }
    }

    private static X509ChainPolicy ReadAuthorities(string path)
    {
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPemFile(path);
        return policy;
    }

    /// <summary>Its key is in a file of its own, or in the same.</summary>
    private X509Certificate2 ReadCertificate(string path) =>
        X509Certificate2.CreateFromPemFile(path, _variables["CLIENT_KEY"] is { Length: > 0 } key ? key : null);
}
