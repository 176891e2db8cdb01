using System.Net;
using System.Text;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Http;

/// <summary>A server that speaks HTTP on a port of its own, and RESP beside it.</summary>
internal sealed class HttpServer : IDisposable
{
    private const int StartAttempts = 3;

    private HttpServer(Func<string[], TestServer> start, string[] options)
    {
        for (int attempt = 1; ; attempt++)
        {
            Port = FreePorts.Next();
            try
            {
                Server = start(["--http-port", $"{Port}", .. options]);
                return;
            }
            catch (Exception failure) when (
                failure.Message.Contains("ddress already in use", StringComparison.Ordinal) && attempt < StartAttempts)
            {
                // Somebody else took the port meanwhile.
            }
        }
    }

    public TestServer Server { get; }

    /// <summary>Where HTTP is spoken.</summary>
    public int Port { get; private set; }

    public EndPoint Address => new IPEndPoint(IPAddress.Loopback, Port);

    public Uri Uri => new($"http://127.0.0.1:{Port}/");

    public static HttpServer Start(params string[] options) => new(static all => TestServer.Start(all), options);

    public static HttpServer StartAt(ManualClock clock, params string[] options) => new(all => TestServer.StartAt(clock, all), options);

    public static HttpServer StartProcess(params string[] options) => new(static all => TestServer.StartProcess(all), options);

    public RespConnection ConnectResp() => Server.Connect();

    /// <summary>A connection whose bytes are exactly what the test sends.</summary>
    public RespConnection ConnectRaw() => RespConnection.Open(Address);

    /// <summary>Sends this and reads until the server ends the connection.</summary>
    public string Converse(string text)
    {
        using RespConnection raw = ConnectRaw();
        raw.Send(Encoding.Latin1.GetBytes(text));
        return Encoding.Latin1.GetString(raw.ReadToEnd());
    }

    /// <summary>GET of a path by a connection of its own.</summary>
    public async Task<HttpResponseMessage> GetAsync(string path, string? user = null, Action<HttpRequestMessage>? change = null)
    {
        using HttpClient client = NewClient();
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        if (user is not null)
        {
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user)));
        }
        change?.Invoke(request);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<string> GetTextAsync(string path)
    {
        using HttpResponseMessage response = await GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public HttpClient NewClient() => new(new HttpClientHandler { AllowAutoRedirect = false, UseProxy = false })
    {
        BaseAddress = Uri, Timeout = TimeSpan.FromMilliseconds(Patience.LimitMs),
    };

    public void Dispose() => Server.Dispose();
}
