using System.Diagnostics;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Cluster;

/// <summary>redis-cli's tools for clusters, on a node that is alone in its cluster.</summary>
public sealed class RedisCliTests
{
    [Fact]
    public void It_checks_and_tells_and_calls()
    {
        Assert.SkipWhen(Programs.RedisCli is null, "redis-cli is not installed");
        using TestServer server = TestServer.Start("--cluster-enabled", "yes");
        using RespConnection client = server.Connect();
        Assert.Equal("OK", client.Call("CLUSTER ADDSLOTSRANGE 0 16383").Text);
        Assert.Equal("OK", client.Call("SET a 1").Text);
        string node = $"127.0.0.1:{server.Address.Port}";
        string check = Run(["--cluster", "check", node]);
        Assert.Contains("[OK] All 16384 slots covered.", check, StringComparison.Ordinal);
        Assert.Contains("[OK] All nodes agree about slots configuration.", check, StringComparison.Ordinal);
        Assert.Contains("[OK] 1 keys in 1 masters.", Run(["--cluster", "info", node]), StringComparison.Ordinal);
        Assert.Contains("[OK] All 16384 slots covered.", Run(["--cluster", "fix", node]), StringComparison.Ordinal);
        Assert.Contains(": 1", Run(["--cluster", "call", node, "DBSIZE"]), StringComparison.Ordinal);
        Assert.Equal("1", Run(["-c", "-p", $"{server.Address.Port}", "GET", "a"]).Trim());
    }

    private static string Run(string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Programs.RedisCli!, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardInput = true,
        })!;
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
