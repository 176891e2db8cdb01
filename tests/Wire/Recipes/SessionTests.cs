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
    private readonly ManualClock clock = new();
    private readonly Harness.TestServer server;
    private readonly EphemeralDataProtectionProvider keys = new();
    private ConnectionMultiplexer? multiplexer;

    public SessionTests() => server = Harness.TestServer.StartAt(clock);

    public async ValueTask InitializeAsync() => multiplexer = await ConnectionMultiplexer.ConnectAsync(server.Address.Configuration);

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
        clock.AdvanceMs(9999);
        Assert.Equal(2, await visitor.Visit());
        clock.AdvanceMs(10_001);
        Assert.Equal(1, await visitor.Visit());
    }

    public async ValueTask DisposeAsync()
    {
        await multiplexer!.DisposeAsync();
        server.Dispose();
    }

    private Task<IHost> StartWeb(TimeSpan? idleTimeout = null) =>
        new HostBuilder().ConfigureWebHost(web => web
            .UseTestServer()
            .ConfigureServices(services => services
                .AddStackExchangeRedisCache(options =>
                    options.ConnectionMultiplexerFactory = () => Task.FromResult<IConnectionMultiplexer>(multiplexer!))
                .AddSingleton<IDataProtectionProvider>(keys)
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
        private readonly CookieContainer cookies = new();
        private HttpClient client = web.GetTestClient();

        public void MoveTo(IHost other)
        {
            client.Dispose();
            client = other.GetTestClient();
        }

        public async Task<int> Visit()
        {
            Uri uri = new("http://localhost/");
            using HttpRequestMessage request = new(HttpMethod.Get, uri);
            if (cookies.GetCookieHeader(uri) is { Length: > 0 } header)
                request.Headers.Add("Cookie", header);
            using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            response.EnsureSuccessStatusCode();
            if (response.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? values))
            {
                foreach (string value in values)
                    cookies.SetCookies(uri, value);
            }

            return int.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);
        }

        public void Dispose() => client.Dispose();
    }
}
