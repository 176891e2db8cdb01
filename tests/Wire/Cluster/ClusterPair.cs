using System.Text.RegularExpressions;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Cluster;

/// <summary>A node of Redis and one of ours, each alone in its cluster, with the same slots.</summary>
internal sealed class ClusterPair : IDisposable
{
    private static readonly string[] s_options =
        ["--cluster-enabled", "yes", "--cluster-require-full-coverage", "no", "--enable-debug-command", "yes"];

    private readonly RedisPeer _redis;
    private readonly TestServer _ours;

    /// <param name="slots">The ranges, as ADDSLOTSRANGE takes them; empty for none.</param>
    public ClusterPair(string slots)
    {
        _redis = RedisPeer.Start(s_options);
        _ours = TestServer.Start(s_options);
        foreach (Func<RespConnection> connect in (Func<RespConnection>[])[_redis.Connect, _ours.Connect])
        {
            using RespConnection connection = connect();
            if (slots.Length == 0)
            {
                continue;
            }
            Assert.Equal("OK", connection.Call($"CLUSTER ADDSLOTSRANGE {slots}").Text);
            Patience.Until(
                () => connection.Call("CLUSTER INFO").Text.Contains("cluster_state:ok", StringComparison.Ordinal),
                "the cluster is not ready");
        }
    }

    /// <summary>Both answer a script with the same bytes, in both protocols.</summary>
    public void Run(string script)
    {
        foreach (int version in new[] { 2, 3 })
        {
            using RespConnection redis = Open(_redis.Connect(), version);
            using RespConnection ours = Open(_ours.Connect(), version);
            Compare.SameReplies(redis, ours, script.Split('\n'));
        }
    }

    /// <summary>The answers of both to a request; ids, ports and epochs may differ, which here grow with each change of slots.</summary>
    public void SameText(string request)
    {
        using RespConnection redis = _redis.Connect();
        using RespConnection ours = _ours.Connect();
        Assert.Equal(Plain(redis, _redis.Address.Port, request), Plain(ours, _ours.Address.Port, request));
    }

    public void Dispose()
    {
        _redis.Dispose();
        _ours.Dispose();
    }

    private static string Plain(RespConnection connection, int port, string request)
    {
        string id = connection.Call("CLUSTER MYID").Text;
        string text = connection.Call(request).ToString().Replace(id, "ID", StringComparison.Ordinal)
            .Replace($"{port + 10_000}", "BUS", StringComparison.Ordinal).Replace($"{port}", "PORT", StringComparison.Ordinal);
        return Regex.Replace(text, @"\d+ connected", "EPOCH connected");
    }

    private static RespConnection Open(RespConnection connection, int version)
    {
        Assert.False(connection.Call("FLUSHALL").IsError);
        Assert.False(connection.Call($"HELLO {version}").IsError);
        return connection;
    }
}
