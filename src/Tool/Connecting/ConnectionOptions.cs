using System.Globalization;
using Bixbite.Tool.Options;

namespace Bixbite.Tool.Connecting;

/// <summary>Where a server is, and as whom one comes to it: what <c>cli</c> and <c>bench</c> have in common.</summary>
internal sealed class ConnectionOptions
{
    private const int DatabaseMax = int.MaxValue;

    public string Host { get; set; } = "127.0.0.1";

    public int Port { get; set; } = 6379;

    /// <summary>A Unix socket in place of host and port; empty for none.</summary>
    public string SocketPath { get; set; } = "";

    public string User { get; set; } = "";

    /// <summary>Null for none.</summary>
    public string? Password { get; set; }

    /// <summary>The password was on the command line, where others of the machine can read it.</summary>
    public bool IsPasswordShown { get; set; }

    public int Database { get; set; }

    /// <summary>How long connecting and logging in may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The memory that one reply may take.</summary>
    public long ReplySizeMax { get; set; } = 4L * 1024 * 1024 * 1024;

    public TlsOptions Tls { get; } = new();

    /// <summary>The server as it is shown.</summary>
    public string Address => SocketPath.Length > 0 ? SocketPath
        : string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    /// <summary>The options of a command line that say so.</summary>
    public IEnumerable<Option> Declare() =>
    [
        new(["-h", "--host"], "host", "The server's host (default: 127.0.0.1).", value => Host = value),
        new(["-p", "--port"], "port", "The server's port (default: 6379).", value => Port = OptionReader.Number("-p", value, 1, 65535)),
        new(["-s", "--socket"], "path", "The server's Unix socket, in place of host and port.", value => SocketPath = value),
        new(
            ["-a", "--pass"], "password", "The password; better the variable REDISCLI_AUTH, which others cannot read.",
            value => (Password, IsPasswordShown) = (value, true)),
        new(["--user"], "name", "The user, where it is not the default one.", value => User = value),
        new(["-u", "--uri"], "uri", "All of this at once: redis://user:password@host:port/database, or rediss:// for TLS.", UseUri),
        new(["-n", "--db"], "number", "The database (default: 0).", value => Database = OptionReader.Number("-n", value, 0, DatabaseMax)),
        new(["-t", "--timeout"], "seconds", "How long connecting may take (default: 10).", value => Timeout = Positive(value)),
        new(["--tls"], "", "Encrypt the connection.", _ => Tls.IsOn = true),
        new(["--sni"], "name", "The server's name in its certificate (default: the host).", value => Tls.ServerName = value),
        new(["--cacert"], "file", "The authorities to trust, in PEM (default: those of the system).", value => Tls.AuthorityFile = value),
        new(["--cert"], "file", "The certificate to show, in PEM.", value => Tls.CertificateFile = value),
        new(["--key"], "file", "Its private key, in PEM.", value => Tls.KeyFile = value),
        new(["--insecure"], "", "Do not check the server's certificate.", _ => Tls.IsInsecure = true),
        new(
            ["--reply-max"], "megabytes", "The memory that one reply may take (default: 4096).",
            value => ReplySizeMax = OptionReader.Number("--reply-max", value, 1, 1_000_000) * 1024L * 1024),
    ];

    /// <summary>Takes the password from the environment where no option had one.</summary>
    public void Complete(Func<string, string?> variable) => Password ??= variable("REDISCLI_AUTH");

    private static TimeSpan Positive(string value) => OptionReader.Seconds("-t", value) is var time && time > TimeSpan.Zero
        ? time
        : throw new ToolException("-t is more than 0 seconds.", ToolException.Misused);

    private void UseUri(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("redis" or "rediss" or "valkey" or "valkeys"))
        {
            throw new ToolException(
                $"-u is redis://user:password@host:port/database, or rediss:// for TLS, not '{text}'.", ToolException.Misused);
        }
        Tls.IsOn |= uri.Scheme is "rediss" or "valkeys";
        Host = uri.Host.Length > 0 ? uri.Host.Trim('[', ']') : Host;
        Port = uri.Port > 0 ? uri.Port : Port;
        string[] names = uri.UserInfo.Split(':', 2);
        if (uri.UserInfo.Length > 0)
        {
            User = names.Length > 1 ? Uri.UnescapeDataString(names[0]) : "";
            (Password, IsPasswordShown) = (Uri.UnescapeDataString(names[^1]), true);
        }
        if (uri.AbsolutePath.Length > 1)
        {
            Database = OptionReader.Number("the database of -u", uri.AbsolutePath[1..], 0, DatabaseMax);
        }
    }
}
