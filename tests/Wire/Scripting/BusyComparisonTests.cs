using System.Text;
using System.Text.RegularExpressions;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Scripting;

/// <summary>
/// While a script runs long others are answered what Redis 7.0.15 answers, to the byte, with one loop and with several. Two connections to
/// each server: one runs the script, the other knocks.
/// </summary>
public sealed class BusyComparisonTests
{
    private const string Endless = "EVAL \"while true do end\" 0";
    private const string EndlessAfterWrite = "EVAL \"redis.call('set','k','half') while true do end\" 0";

    /// <summary>Commands while a script runs, one after the other.</summary>
    private static readonly string[] s_knocks =
    [
        "PING", "PING x", "INFO server", "GET k", "SET k v", "nosuch", "GET", "COMMAND COUNT", "CLIENT LIST", "CLIENT ID",
        "CLIENT KILL ID 99", "CLIENT UNBLOCK 1", "CLIENT PAUSE 1", "CONFIG GET port", "SCRIPT LOAD x", "SCRIPT EXISTS x",
        "SCRIPT FLUSH", "SCRIPT HELP", "SCRIPT nosuch", "FUNCTION LIST",
        "FUNCTION STATS", "FUNCTION KILL", "FCALL f 0", "FUNCTION FLUSH",
        "EVAL \"return 1\" 0", "EVALSHA x 0", "SHUTDOWN", "SHUTDOWN SAVE", "SHUTDOWN NOW", "SHUTDOWN nosuch", "SHUTDOWN NOSAVE SAVE",
        "AUTH x", "WATCH k", "UNWATCH", "MULTI", "GET k", "EXEC", "MULTI", "PING", "DISCARD", "MULTI", "SCRIPT KILL x", "EXEC", "EXEC",
        "DISCARD",
        "SUBSCRIBE c", "PUBLISH c m", "MONITOR", "SELECT 1", "ECHO x", "DEBUG SLEEP 0", "TIME", "ROLE", "WAIT 0 0", "SAVE", "BGSAVE",
        "BLPOP q 0", "SLOWLOG GET", "LATENCY LATEST", "MEMORY USAGE k", "OBJECT ENCODING k", "RESET", "PING",
    ];

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void OthersAreAnsweredAlike(string loops) => Same(loops, (busy, other, replies) =>
    {
        Begin(busy, other, Endless);
        replies.AddRange(s_knocks.Select(other.CallRaw));
        replies.Add(other.CallRaw("SCRIPT KILL"));
        replies.Add(busy.ReadRaw());
        replies.Add(busy.CallRaw("PING"));
        replies.Add(other.CallRaw("SCRIPT KILL"));
        replies.Add(other.CallRaw("GET k"));
    });

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void OthersAreAnsweredAlikeWhileAFunctionRuns(string loops) => Same(loops, (busy, other, replies) =>
    {
        replies.Add(busy.CallRaw(
            "FUNCTION LOAD \"#!lua name=l\\nredis.register_function('f', function(k, a) if a[1] then redis.call('set', 'k', 1) end "
            + "while true do end end)\""));
        Begin(busy, other, "FCALL f 1 key");
        replies.AddRange(s_knocks.Where(knock => knock != "FUNCTION STATS" && knock != "FUNCTION KILL").Select(other.CallRaw));
        replies.Add(other.CallRaw("SCRIPT KILL"));
        replies.Add(WithoutDuration(other.CallRaw("FUNCTION STATS")));
        replies.Add(other.CallRaw("FUNCTION KILL"));
        replies.Add(busy.ReadRaw());
        replies.Add(other.CallRaw("FUNCTION KILL"));
        replies.Add(other.CallRaw("FUNCTION STATS"));
        busy.Call("MULTI");
        busy.Call("FCALL f 0");
        busy.Call("FCALL f 1 key written");
        Begin(busy, other, "EXEC");
        replies.Add(WithoutDuration(other.CallRaw("FUNCTION STATS")));
        replies.Add(other.CallRaw("FUNCTION KILL"));
        Patience.Until(() => other.CallRaw("FUNCTION KILL")[1] == 'U', "the second function does not begin");
        replies.Add(WithoutDuration(other.CallRaw("FUNCTION STATS")));
        replies.Add(other.CallRaw("SCRIPT KILL"));
        other.Send("SHUTDOWN NOSAVE");
        replies.Add(other.ReadToEnd());
    });

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void ATransactionIsAnsweredAlike(string loops) => Same(loops, (busy, other, replies) =>
    {
        replies.AddRange(
            new[] { "MULTI", "SET a 1", "EVAL \"return redis.call('incr','a')\" 0", Endless, "INCR a", "GET a" }.Select(busy.CallRaw));
        Begin(busy, other, "EXEC");
        replies.Add(other.CallRaw("GET a"));
        replies.Add(other.CallRaw("SCRIPT KILL"));
        replies.Add(busy.ReadRaw());
        replies.Add(other.CallRaw("GET a"));
    });

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void RequestsBehindAreAnsweredAlike(string loops) => Same(loops, (busy, other, replies) =>
    {
        Begin(busy, other, Endless, "SET k v", "EVAL \"return 1\" 0", "GET k");
        replies.Add(other.CallRaw("GET k"));
        replies.Add(other.CallRaw("SCRIPT KILL"));
        replies.AddRange(Enumerable.Range(0, 4).Select(_ => busy.ReadRaw()));
    });

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void WhatHasWrittenIsAnsweredAlike(string loops) => Same(loops, (busy, other, replies) =>
    {
        Begin(busy, other, EndlessAfterWrite);
        replies.Add(other.CallRaw("SCRIPT KILL"));
        replies.Add(other.CallRaw("SHUTDOWN"));
        replies.Add(other.CallRaw("GET k"));
        other.Send("SHUTDOWN NOSAVE");
        replies.Add(other.ReadToEnd());
        replies.Add(busy.ReadToEnd());
    });

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void AScriptGoesOnWithoutItsClient(string loops)
    {
        using TestServer server = TestServer.Start("--busy-reply-threshold", "20", "--io-threads", loops);
        using RespConnection other = server.Connect();
        RespConnection leaving = server.Connect();
        Begin(leaving, other, "EVAL \"for i = 1, 50 do redis.call('incr', 'k') for j = 1, 200000 do end end\" 0");
        leaving.Reset();
        leaving.Dispose();
        Patience.Until(() => !other.Call("PING").IsError, "the script does not end");
        Assert.Equal("50", other.Call("GET k").Text);
        using RespConnection last = server.Connect();
        Begin(last, other, Endless);
        last.Dispose();
        Assert.Equal("OK", other.Call("SCRIPT KILL").Text);
        Patience.Until(() => !other.Call("PING").IsError, "the script does not end");
    }

    private static byte[] WithoutDuration(byte[] reply) =>
        Encoding.Latin1.GetBytes(Regex.Replace(Encoding.Latin1.GetString(reply), "duration_ms\r\n:[0-9]+", "duration_ms"));

    private static void Begin(RespConnection busy, RespConnection other, params string[] requests)
    {
        busy.Send(requests.SelectMany(request => CommandLine.Encode(request)).ToArray());
        Patience.Until(
            () => other.Call("PING") is { IsError: true } reply && reply.Text.StartsWith("BUSY", StringComparison.Ordinal)
                || !busy.IsSilent(timeMs: 0),
            "the script does not run long");
    }

    private static void Same(string loops, Action<RespConnection, RespConnection, List<byte[]>> scene)
    {
        string[] options = ["--busy-reply-threshold", "20", "--io-threads", loops, "--enable-debug-command", "yes"];
        using RedisPeer redis = RedisPeer.Start(options);
        using TestServer server = TestServer.Start(options);
        List<byte[]> expected = [];
        List<byte[]> actual = [];
        using (RespConnection busy = redis.Connect(), other = redis.Connect())
        {
            scene(busy, other, expected);
        }
        using (RespConnection busy = server.Connect(), other = server.Connect())
        {
            scene(busy, other, actual);
        }
        Assert.Equal(expected.Select(Encoding.Latin1.GetString), actual.Select(Encoding.Latin1.GetString));
    }
}
