using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Server;

/// <summary>INFO clientstats: what clients have done, by their names and users.</summary>
public sealed class ClientStatisticsTests
{
    [Fact]
    public void Calls_and_errors_are_counted_by_name_and_user()
    {
        using TestServer server = TestServer.Start();
        using RespConnection watcher = server.Connect();
        watcher.Call("ACL SETUSER shop on nopass ~* +@all");
        watcher.Call("CONFIG RESETSTAT");
        using (RespConnection client = server.Connect())
        {
            client.Call("AUTH shop any");
            client.Call("CLIENT SETNAME web");
            client.Call("SET k v");
            client.Call("LPUSH k v");
            client.Call("NOSUCH");
            client.Call("EVAL \"redis.call('get', 'k') return redis.call('get', 'k')\" 0");
            Dictionary<string, string> web = Row(watcher, "clientname_web");
            Assert.Equal(("4", "2"), (web["calls"], web["errors"]));
            Assert.Equal(["calls", "errors", "mean_usec", "p50_usec", "p99_usec", "usec"], web.Keys.Order(StringComparer.Ordinal));
            client.Call("CLIENT SETNAME mobile");
            client.Call("PING");
        }
        Patience.Until(() => watcher.Call("CLIENT LIST").Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length == 1);
        Assert.Equal("4", Row(watcher, "clientname_web")["calls"]);
        Assert.Equal("2", Row(watcher, "clientname_mobile")["calls"]);
        Assert.Equal(("7", "2"), (Row(watcher, "clientuser_shop")["calls"], Row(watcher, "clientuser_shop")["errors"]));
        watcher.Call("CONFIG RESETSTAT");
        Assert.DoesNotContain("clientname_web", watcher.Call("INFO clientstats").Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Clientstats", watcher.Call("INFO").Text, StringComparison.Ordinal);
        Assert.Contains("# Clientstats", watcher.Call("INFO everything").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_a_client_makes_up_do_not_fill_the_memory()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        for (int i = 0; i < 200; i++)
        {
            client.Call($"CLIENT SETNAME name{i}");
        }
        string[] lines = client.Call("INFO clientstats").Text.Split("\r\n");
        string[] rows = [.. lines.Where(line => line.StartsWith("clientname_", StringComparison.Ordinal))];
        Assert.Equal(129, rows.Length);
        Assert.Contains(rows, row => row.StartsWith("clientname_(other):calls=", StringComparison.Ordinal));
    }

    private static Dictionary<string, string> Row(RespConnection client, string name) =>
        InfoText.Field(client.Call("INFO clientstats").Text, name).Split(',').Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1]);
}
