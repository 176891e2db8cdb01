using Bixbite.AccessControl.Authenticating;
using Bixbite.Hosting;
using Bixbite.Http;
using Bixbite.Tls;
using Bixbite.Unit.AccessControl;
using Xunit;

namespace Bixbite.Unit.Hosting;

/// <summary>Who can reach a server, in words.</summary>
public sealed class ReachabilityTests : IDisposable
{
    private const string Anywhere = "Clients reach this server from every machine that gets to port 6379 of any of its addresses.";
    private const string Here = "Clients reach this server from this machine alone, at port 6379 of 127.0.0.1.";
    private const string TurnedAway = " But protected mode turns clients of other machines away until a password is set.";

    private readonly AccessFixture _access = new();

    public void Dispose() => _access.Dispose();

    [Theory]
    [InlineData("", "", Anywhere + TurnedAway + " Those of this machine need no password.", false)]
    [InlineData("", "-get", Anywhere + TurnedAway + " Those of this machine need no password.", false)]
    [InlineData("", "off", Anywhere + TurnedAway + " Those of this machine have to log in.", false)]
    [InlineData("", ">p", Anywhere + " They have to log in.", false)]
    [InlineData("protected-mode no", ">p", Anywhere + " They have to log in.", false)]
    [InlineData(
        "protected-mode no", "",
        Anywhere + " They need no password, also those of other machines: set one by requirepass, or switch protected-mode on.", true)]
    [InlineData("bind 127.0.0.1", "", Here + " They need no password.", false)]
    [InlineData("bind 127.0.0.1|protected-mode no", "", Here + " They need no password.", false)]
    [InlineData(
        "bind 127.0.0.1 -::1 localhost", ">p",
        "Clients reach this server from this machine alone, at port 6379 of 127.0.0.1, ::1, localhost. They have to log in.", false)]
    [InlineData(
        "bind 127.0.0.1 10.0.0.7|port 7", ">p",
        "Clients reach this server from every machine that gets to port 7 of 127.0.0.1, 10.0.0.7. They have to log in.", false)]
    [InlineData(
        "port 0|unixsocket /none/s", "",
        "Clients reach this server by the Unix socket /none/s, which its owner alone (mode 0) may use. They need no password.", false)]
    [InlineData(
        "bind ::1|unixsocket /none/s", ">p",
        "Clients reach this server from this machine alone, at port 6379 of ::1 and by the Unix socket /none/s, which its owner alone "
            + "(mode 0) may use. They have to log in.", false)]
    [InlineData(
        "port 0|tls-port 7|protected-mode no", "",
        "Clients reach this server from every machine that gets to port 7 (TLS, with a certificate) of any of its addresses. They need no "
            + "password.", false)]
    [InlineData(
        "bind 127.0.0.1|tls-port 7|tls-auth-clients no", ">p",
        "Clients reach this server from this machine alone, at port 6379 or port 7 (TLS) of 127.0.0.1. They have to log in.", false)]
    [InlineData("bind 127.0.0.1|http-port 80", ">p", Here + " They have to log in. The console is at http://localhost:80/console.", false)]
    [InlineData(
        "bind 127.0.0.1|http-port 80|http-bind * -::*|tls-http yes", "",
        Here + " They need no password. The console is at https://localhost:80/console, also for other machines once a password is "
            + "set.", false)]
    [InlineData(
        "bind 127.0.0.1|http-port 80|http-bind ::2 10.0.0.7|protected-mode no", "",
        Here + " They need no password. The console is at http://[::2]:80/console, also for other machines, without a "
            + "password: set one by requirepass, or switch protected-mode on.", true)]
    [InlineData("port 0|http-port 80", ">p", "No port is open to clients. The console is at http://localhost:80/console.", false)]
    public void Said(string settings, string rules, string text, bool isOpen)
    {
        ServerOptions options = new();
        foreach (string line in settings.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            int blank = line.IndexOf(' ', StringComparison.Ordinal);
            options.Set(line[..blank], line[(blank + 1)..]);
        }
        Assert.Null(_access.Set("default", rules));
        var reachability = new Reachability(
            options.Settings.Get<NetworkSettings>(), options.Settings.Get<TlsSettings>(), options.Settings.Get<HttpSettings>(),
            _access.Engine.Get<Authentication>());

        Assert.Equal((text, isOpen), (reachability.Text, reachability.IsOpenToStrangers));
    }
}
