using System.Globalization;
using System.Net;
using Bixbite.Platform;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>ASP.NET Core sessions live in the server, so that any web server of a farm can take the next request.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private readonly Harness.TestServer _server;
    private readonly EphemeralDataProtectionProvider _keys = new();
    private ConnectionMultiplexer? _multiplexer;

    public SessionTests() => _server = Harness.TestServer.StartAt(_clock);

    public async ValueTask InitializeAsync() => _multiplexer = await ConnectionMultiplexer.ConnectAsync(_server.Address.Configuration);

    [Fact]
    public async Task A_session_remembers_and_sessions_do_not_mix()
    {
        using IHost web = await StartWeb();
        using Visitor alice = new(web);
        using Visitor bob = new(web);
        Assert.Equal(1, await alice.Visit());
        Assert.Equal(2, await alice.Visit());
        Assert.Equal(3, await alice.Visit());
        Assert.Equal(1, await bob.Visit());
        Assert.Equal(4, await alice.Visit());
    }

    [Fact]
    public async Task A_second_web_server_takes_over_a_session()
    {
        using IHost first = await StartWeb();
        using IHost second = await StartWeb();
        using Visitor visitor = new(first);
        Assert.Equal(1, await visitor.Visit());
        visitor.MoveTo(second);
        Assert.Equal(2, await visitor.Visit());
    }

    [Fact]
    public async Task A_session_nobody_uses_ends()
    {
        using IHost web = await StartWeb(TimeSpan.FromSeconds(10));
        using Visitor visitor = new(web);
        Assert.Equal(1, await visitor.Visit());
        _clock.AdvanceMs(9999);
        Assert.Equal(2, await visitor.Visit());
        _clock.AdvanceMs(10_001);
        Assert.Equal(1, await visitor.Visit());
    }

    public async ValueTask DisposeAsync()
    {
        await _multiplexer!.DisposeAsync();
        _server.Dispose();
    }

    private Task<IHost> StartWeb(TimeSpan? idleTimeout = null) =>
        new HostBuilder().ConfigureWebHost(web => web
            .UseTestServer()
            .ConfigureServices(services => services
                .AddStackExchangeRedisCache(options =>
                    options.ConnectionMultiplexerFactory = () => Task.FromResult<IConnectionMultiplexer>(_multiplexer!))
                .AddSingleton<IDataProtectionProvider>(_keys)
                .AddSession(options => options.IdleTimeout = idleTimeout ?? TimeSpan.FromMinutes(20)))
            .Configure(application => application.UseSession().Run(CountVisit)))
        .StartAsync(TestContext.Current.CancellationToken);

    private static Task CountVisit(HttpContext context)
    {
        int visits = (context.Session.GetInt32("visits") ?? 0) + 1;
        context.Session.SetInt32("visits", visits);
        return context.Response.WriteAsync(visits.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A browser with its cookies.</summary>
    private sealed class Visitor(IHost web) : IDisposable
    {
        private readonly CookieContainer _cookies = new();
        private HttpClient _client = web.GetTestClient();

        public void MoveTo(IHost other)
        {
            _client.Dispose();
            _client = other.GetTestClient();
        }

        public async Task<int> Visit()
        {
            Uri uri = new("http://localhost/");
            using HttpRequestMessage request = new(HttpMethod.Get, uri);
            if (_cookies.GetCookieHeader(uri) is { Length: > 0 } header)
            {
                request.Headers.Add("Cookie", header);
            }
            using HttpResponseMessage response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
            response.EnsureSuccessStatusCode();
            if (response.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? values))
            {
                foreach (string value in values)
                {
                    _cookies.SetCookies(uri, value);
                }
            }

            return int.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);
        }

        public void Dispose() => _client.Dispose();
    }
}
