using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Client;

/// <summary>Makes TLS connections and closes them again: as many as go by OpenSSL's own program, or so many a second.</summary>
internal static class Handshakes
{
    private const int ProcessCount = 4;
    private const int Seconds = 3;

    /// <summary>Connections that were made a second, and how many in all; each from the beginning, or resumed.</summary>
    public static (double PerSecond, long Count) Run(int port, string authority, bool isResumed)
    {
        string[] how = isResumed ? ["-reuse", "-tls1_2"] : ["-new"];
        Process[] processes = [.. Enumerable.Range(0, ProcessCount).Select(_ => Cores.StartGenerator(
            new ProcessStartInfo(
                "openssl", ["s_time", "-connect", $"127.0.0.1:{port}", "-CAfile", authority, "-time", $"{Seconds}", .. how])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            }))];
        long started = Stopwatch.GetTimestamp();
        string[] outputs = [.. processes.Select(static process => process.StandardOutput.ReadToEnd())];
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        long count = outputs.Sum(CountOf);
        return (count / seconds, count);
    }

    /// <summary>Connects so many times a second until it is told to stop.</summary>
    public static void Keep(int port, string authority, int perSecond, CancellationToken stop)
    {
        using X509Certificate2 expected = X509CertificateLoader.LoadCertificateFromFile(authority);
        SslClientAuthenticationOptions options = new()
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = (_, shown, _, _) => expected.Equals(shown),
            AllowTlsResume = false,
        };
        long started = Stopwatch.GetTimestamp();
        for (long count = 0; !stop.IsCancellationRequested; count++)
        {
            double aheadMs = (count * 1000.0 / perSecond) - Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            if (aheadMs > 1)
            {
                Thread.Sleep((int)aheadMs);
            }
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect("127.0.0.1", port);
            using SslStream stream = new(new NetworkStream(socket));
            stream.AuthenticateAsClient(options);
        }
    }

    /// <summary>The program says "123 connections in 4 real seconds", once for each kind that it was asked for.</summary>
    private static long CountOf(string output)
    {
        string? line = output.Split('\n').LastOrDefault(static line => line.Contains("real seconds", StringComparison.Ordinal));
        return line is null
            ? throw new IOException($"openssl s_time printed no result: {output}")
            : long.Parse(line.AsSpan(0, line.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
    }
}
