using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Tls;

/// <summary>Where TLS is spoken and with which certificates, at the start and later.</summary>
public sealed class SettingsTests
{
    [Fact]
    public void A_server_may_speak_nothing_else()
    {
        using TlsServer server = TlsServer.Start("--port", "0");
        using RespConnection client = server.Connect();
        Assert.Equal("PONG", client.Call("PING").Text);
        string info = client.Call("INFO server").Text;
        Assert.Contains($"tcp_port:{server.Port}\r\n", info, StringComparison.Ordinal);
        Assert.Contains($"listener2:name=tls,bind=127.0.0.1,port={server.Port}\r\n", info, StringComparison.Ordinal);
    }

    [Fact]
    public void The_port_opens_moves_and_closes()
    {
        using TlsServer server = TlsServer.Start();
        using RespConnection first = server.Connect();
        using RespConnection plain = server.ConnectPlain();
        Assert.Equal("OK", plain.Call("CONFIG SET tls-port 0").Text);
        Assert.Equal("PONG", first.Call("PING").Text);
        Assert.ThrowsAny<Exception>(() => server.Connect());
        Assert.Equal("none", server.Info("tls_server_cert_serial"));
        Assert.Equal("0", server.Info("tls_server_cert_expires_in_seconds"));
        Assert.Equal("OK", plain.Call($"CONFIG SET tls-port {server.Port}").Text);
        using RespConnection second = server.Connect();
        Assert.Equal("PONG", second.Call("PING").Text);
        Assert.Equal(TestCertificates.Server.Serial, server.Info("tls_server_cert_serial"));
    }

    /// <summary>The two ports change places, as Valkey's own test has it.</summary>
    [Fact]
    public void A_port_may_change_between_plain_and_encrypted()
    {
        using TlsServer server = TlsServer.Start();
        using (RespConnection client = server.Connect())
        {
            client.Call("CONFIG SET tls-port 0");
            Assert.Equal("OK", client.Call($"CONFIG SET port {server.Port}").Text);
        }
        using RespConnection plain = server.ConnectRaw();
        Assert.Equal("PONG", plain.Call("PING").Text);
        plain.Call("CONFIG SET port 0");
        Assert.Equal("OK", plain.Call($"CONFIG SET tls-port {server.Port}").Text);
        using RespConnection again = server.Connect();
        Assert.Equal("PONG", again.Call("PING").Text);
    }

    [Theory]
    [InlineData("tls-cert-file", "server.crt", "cannot be read: No such file or directory")]
    [InlineData("tls-key-file", "server.key", "cannot be read: No such file or directory")]
    [InlineData("tls-ca-cert-file", "ca.crt", "cannot be read: No such file or directory")]
    public void Without_a_file_nothing_starts(string setting, string file, string reason)
    {
        using TempFolder folder = new();
        File.WriteAllText(folder.File("server.crt"), TestCertificates.Server.Pem);
        File.WriteAllText(folder.File("server.key"), TestCertificates.Server.KeyPem);
        File.WriteAllText(folder.File("ca.crt"), TestCertificates.Authority.Pem);
        File.Delete(folder.File(file));
        int port = FreePorts.Next();
        using ServerProcess server = ServerProcess.StartRaw(
            Programs.Server, new TempFolder(), port, "--port", "0", "--tls-port", $"{port}", "--bind", "127.0.0.1", "--save", "",
            "--tls-cert-file", folder.File("server.crt"), "--tls-key-file", folder.File("server.key"),
            "--tls-ca-cert-file", folder.File("ca.crt"));
        Assert.Equal(1, server.WaitForExit());
        Assert.Contains($"'tls-port' cannot be served: {setting} '{folder.File(file)}' {reason}", server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "No tls-cert-file configured!")]
    [InlineData("--tls-cert-file x", "No tls-key-file configured!")]
    [InlineData("--tls-cert-file x --tls-key-file x", "Either tls-ca-cert-file or tls-ca-cert-dir must be specified")]
    [InlineData("--tls-auth-clients no --tls-cert-file /dev/null --tls-key-file x", "tls-key-file 'x' cannot be read")]
    [InlineData("--tls-auth-clients no --tls-cert-file /dev/null --tls-key-file /dev/null", "the certificate in /dev/null is of no use")]
    [InlineData("--tls-auth-clients no --tls-cert-file /dev/zero --tls-key-file x", "'/dev/zero' cannot be read: File too large")]
    [InlineData("--tls-auth-clients no --tls-cert-file /tmp --tls-key-file x", "tls-cert-file '/tmp' cannot be read: Is a directory")]
    [InlineData("--tls-auth-clients no --tls-cert-file x --tls-key-file x --tls-protocols TLSv1.1", "TLSv1.1 is no longer safe")]
    public void Settings_that_make_no_sense_are_named(string options, string reason)
    {
        using TempFolder folder = new();
        HostedServer server = new(
            folder, new FolderDisk(folder.Path), SystemClock.Instance,
            ["--port", "0", "--tls-port", $"{FreePorts.Next()}", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        using (server)
        {
            Assert.Contains(reason, server.Problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Bad_files_are_refused_and_the_old_ones_stay()
    {
        using TlsServer server = TlsServer.Start();
        using RespConnection client = server.Connect();
        string before = client.Call("CONFIG GET tls-cert-file").ToString();
        server.Write("bad.crt", "rubbish");
        foreach (string name in (string[])["tls-cert-file", "tls-key-file", "tls-ca-cert-file", "tls-ca-cert-dir"])
        {
            Assert.Equal(Refusal(name), client.Call($"CONFIG SET {name} {server.File("none")}").Text);
        }
        Assert.Equal(Refusal("tls-cert-file"), client.Call($"CONFIG SET tls-cert-file {server.File("bad.crt")}").Text);
        Assert.Equal(Refusal("tls-ciphers"), client.Call("CONFIG SET tls-ciphers nonsense").Text);
        Assert.Equal(before, client.Call("CONFIG GET tls-cert-file").ToString());
        server.Server.WaitForLine("TLS is not reconfigured: tls-cert-file");
        server.Server.WaitForLine("the certificate in " + server.File("bad.crt") + " is of no use: no start line");
        using RespConnection other = server.Connect();
        Assert.Equal("PONG", other.Call("PING").Text);
    }

    [Fact]
    public void New_certificates_are_used_by_new_connections()
    {
        using TlsServer server = TlsServer.Start();
        using RespConnection first = server.Connect();
        TestCertificate next = TestCertificates.Make("localhost", TestCertificates.Authority);
        server.Write("next.crt", next.Pem);
        server.Write("next.key", next.KeyPem);
        string both = $"CONFIG SET tls-cert-file {server.File("next.crt")} tls-key-file {server.File("next.key")}";
        Assert.Equal("OK", first.Call(both).Text);
        using RespConnection second = server.Connect();
        Assert.Equal(TestCertificates.Server.Serial, SerialOf(first));
        Assert.Equal(next.Serial, SerialOf(second));
        Assert.Equal("PONG", first.Call("PING").Text);
        Assert.Equal("PONG", second.Call("PING").Text);
        Assert.Equal(next.Serial, server.Info("tls_server_cert_serial"));
    }

    [Fact]
    public void Files_that_change_are_found()
    {
        ManualClock clock = new();
        using TlsServer server = TlsServer.StartAt(clock, "--tls-auto-reload-interval", "60");
        TestCertificate next = TestCertificates.Make("localhost", TestCertificates.Authority);
        server.Write("server.crt", next.Pem);
        clock.AdvanceMs(61_000);
        server.Server.WaitForLine("The files of TLS have changed and are not used: the private key in " + server.File("server.key"));
        using (RespConnection client = server.Connect())
        {
            Assert.Equal(TestCertificates.Server.Serial, SerialOf(client));
        }
        server.Write("server.key", next.KeyPem);
        clock.AdvanceMs(61_000);
        server.Server.WaitForLine("TLS materials reloaded successfully");
        using RespConnection second = server.Connect();
        Assert.Equal(next.Serial, SerialOf(second));
    }

    /// <summary>Time and size may be as they were: then the kernel still knows that something was written.</summary>
    [Fact]
    public void A_file_that_hides_its_change_is_found()
    {
        Assert.SkipWhen(Portability.IsOn, "only Linux' own calls tell when the state of a file has changed");
        ManualClock clock = new();
        using TlsServer server = TlsServer.StartAt(clock, "--loglevel", "debug");
        DateTime written = File.GetLastWriteTimeUtc(server.File("server.crt"));
        TestCertificate next = TestCertificates.Make("localhost", TestCertificates.Authority);
        foreach ((string file, string text) in ((string, string)[])[("server.crt", next.Pem), ("server.key", next.KeyPem)])
        {
            string padded = text.PadRight((int)new FileInfo(server.File(file)).Length, '\n');
            server.Write(file, padded);
            File.SetLastWriteTimeUtc(server.File(file), written);
        }
        clock.AdvanceMs(61_000);
        server.Server.WaitForLine("TLS materials reloaded successfully");
        File.SetLastWriteTimeUtc(server.File("server.crt"), written.AddSeconds(1));
        clock.AdvanceMs(61_000);
        server.Server.WaitForLine("TLS reload skipped: materials unchanged");
        using RespConnection client = server.Connect();
        Assert.Equal(next.Serial, SerialOf(client));
    }

    [Fact]
    public void A_folder_of_certificates_is_looked_at_through_links()
    {
        ManualClock clock = new();
        using TlsServer server = TlsServer.StartAt(clock);
        TestCertificate other = TestCertificates.Make("other authority", issuer: null);
        Directory.CreateDirectory(server.File("trusted"));
        server.Write("one.pem", TestCertificates.Authority.Pem);
        File.CreateSymbolicLink(server.File("trusted/a.0"), server.File("one.pem"));
        using RespConnection plain = server.ConnectPlain();
        Assert.Equal("OK", plain.Call($"CONFIG SET tls-ca-cert-dir {server.File("trusted")} tls-ca-cert-file \"\"").Text);
        server.Write("one.pem", other.Pem);
        clock.AdvanceMs(61_000);
        server.Server.WaitForLine("TLS materials reloaded successfully");
        Assert.Equal(other.Serial, server.Info("tls_ca_cert_serial"));
    }

    [Fact]
    public void A_folder_of_certificates_is_trusted()
    {
        using TlsServer server = TlsServer.Start();
        Directory.CreateDirectory(server.File("trusted"));
        File.WriteAllText(server.File("trusted/README"), "no certificate");
        File.WriteAllText(server.File("trusted/some name.pem"), TestCertificates.Authority.Pem);
        using RespConnection plain = server.ConnectPlain();
        Assert.Equal("OK", plain.Call($"CONFIG SET tls-ca-cert-dir {server.File("trusted")} tls-ca-cert-file \"\"").Text);
        using RespConnection client = server.Connect();
        Assert.Equal("PONG", client.Call("PING").Text);
        Assert.Equal(TestCertificates.Authority.Serial, server.Info("tls_ca_cert_serial"));
    }

    [Fact]
    public void A_key_may_be_encrypted()
    {
        using TlsServer server = TlsServer.Start();
        using RespConnection client = server.Connect();
        server.Write("secret.key", TestCertificates.Server.Key.ExportEncryptedPkcs8PrivateKeyPem(
            "1234", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));
        Assert.Equal(Refusal("tls-key-file"), client.Call($"CONFIG SET tls-key-file {server.File("secret.key")}").Text);
        Assert.Equal("OK", client.Call("CONFIG SET tls-key-file-pass 1234").Text);
        Assert.Equal("OK", client.Call($"CONFIG SET tls-key-file {server.File("secret.key")}").Text);
        using RespConnection other = server.Connect();
        Assert.Equal("PONG", other.Call("PING").Text);
    }

    [Fact]
    public void Versions_and_ciphers_are_chosen()
    {
        using TlsServer server = TlsServer.Start();
        using RespConnection client = server.Connect();
        client.Call("CONFIG SET tls-protocols TLSv1.2");
        Assert.ThrowsAny<Exception>(() => server.Connect(protocols: SslProtocols.Tls13));
        using RespConnection old = server.Connect();
        Assert.Equal(SslProtocols.Tls12, old.Secured!.SslProtocol);
        client.Call("CONFIG SET tls-ciphers ECDHE-ECDSA-AES128-GCM-SHA256");
        using RespConnection chosen = server.Connect();
        Assert.Equal("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", $"{chosen.Secured!.NegotiatedCipherSuite}");
        client.Call("CONFIG SET tls-protocols \"\" tls-ciphersuites TLS_AES_128_GCM_SHA256");
        using RespConnection suite = server.Connect();
        Assert.Equal("TLS_AES_128_GCM_SHA256", $"{suite.Secured!.NegotiatedCipherSuite}");
    }

    [Fact]
    public void Certificates_that_end_soon_are_told_of()
    {
        ManualClock clock = new(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        using TlsServer server = TlsServer.StartAt(clock, "--tls-auto-reload-interval", "0");
        long left = long.Parse(server.Info("tls_server_cert_expires_in_seconds"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(left, 364 * 86400, 365 * 86400);
        clock.AdvanceMs(1000L * (left - (10 * 86400) - 100));
        string line = server.Server.WaitForLine("of tls-cert-file expires in 10 days");
        Assert.Contains(TestCertificates.Server.Serial, line, StringComparison.Ordinal);
        clock.AdvanceMs(20L * 86400 * 1000);
        server.Server.WaitForLine("of tls-cert-file has expired");
    }

    [Fact]
    public void Without_tls_nothing_of_it_is_loaded()
    {
        using TestServer plain = TestServer.StartProcess();
        using (RespConnection client = plain.Connect())
        {
            client.Call("SET a b");
            Assert.DoesNotContain("libssl", MapsOf(client), StringComparison.Ordinal);
            Assert.DoesNotContain("libcrypto", MapsOf(client), StringComparison.Ordinal);
        }
        using TlsServer server = TlsServer.StartProcess();
        using RespConnection other = server.Connect();
        Assert.Contains("libssl", MapsOf(other), StringComparison.Ordinal);
    }

    private static string Refusal(string name) => $"ERR CONFIG SET failed (possibly related to argument '{name}') - "
        + "Unable to update TLS configuration. Check server logs.";

    private static string MapsOf(RespConnection client)
    {
        string id = client.Call("INFO server").Text.Split("process_id:")[1].Split("\r\n")[0];
        return File.ReadAllText($"/proc/{id}/maps");
    }

    private static string SerialOf(RespConnection connection) =>
        TestCertificate.SerialOf((X509Certificate2)connection.Secured!.RemoteCertificate!);
}
