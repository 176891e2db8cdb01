using System.Net;
using System.Net.Security;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Tls;

namespace Bixbite.Wire.Http;

/// <summary>HTTP that is encrypted as the clients of tls-port are.</summary>
public sealed class TlsTests
{
    [Fact]
    public async Task A_certificate_says_who_asks()
    {
        int port = FreePorts.Next();
        using TlsServer server = TlsServer.Start(
            "--http-port", $"{port}", "--tls-http", "yes", "--tls-auth-clients", "optional", "--tls-auth-clients-user", "CN",
            "--requirepass", "secret");
        using RespConnection client = server.ConnectPlain();
        client.Call("AUTH secret");
        client.Call("ACL SETUSER alice on resetpass +info");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(port, "/metrics", TestCertificates.Client));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(port, "/metrics", null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(port, "/healthz", null));
        client.Call("ACL SETUSER alice -info");
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(port, "/metrics", TestCertificates.Client));
        client.Call("CONFIG SET tls-auth-clients yes");
        await Assert.ThrowsAsync<HttpRequestException>(() => StatusAsync(port, "/healthz", null));
    }

    [Fact]
    public void Without_a_certificate_it_is_not_started()
    {
        Exception failure = Assert.ThrowsAny<Exception>(
            () => TestServer.Start("--http-port", $"{FreePorts.Next()}", "--tls-http", "yes").Dispose());
        Assert.Contains("tls-http", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> StatusAsync(int port, string path, TestCertificate? certificate)
    {
        SslClientAuthenticationOptions options = TestCertificates.ClientOptions(certificate);
        using HttpClient client = new(new SocketsHttpHandler { SslOptions = options, UseProxy = false })
        {
            Timeout = TimeSpan.FromMilliseconds(Patience.LimitMs),
        };
        using HttpResponseMessage response =
            await client.GetAsync(new Uri($"https://localhost:{port}{path}"), TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
