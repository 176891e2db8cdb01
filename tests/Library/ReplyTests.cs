using System.Numerics;
using System.Text;

namespace Bixbite.Library;

/// <summary>Direct calls send what they are given and return what comes, typed; each stands by itself.</summary>
public sealed class ReplyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RepliesAreTyped()
    {
        await using BixbiteServer server = await BixbiteServer.StartAsync(Cancellation);
        Assert.True((await server.ExecuteAsync("GET", "missing")).IsNull);
        Assert.Null((await server.ExecuteAsync("GET", "missing")).AsString());
        byte[] bytes = [0, 13, 10, 255];
        Assert.Equal("\"OK\"", (await server.ExecuteAsync("SET", "bytes", bytes)).ToString());
        Assert.Equal(bytes, (await server.ExecuteAsync("GET", "bytes")).AsBytes());
        await server.ExecuteAsync("SET", "text", "größer");
        Assert.Equal("größer", (await server.ExecuteAsync("GET", "text")).AsString());
        BixbiteReply number = await server.ExecuteAsync("INCRBY", "counter", long.MaxValue);
        Assert.Equal(BixbiteReplyKind.Integer, number.Kind);
        Assert.Equal(long.MaxValue, number.AsInt64());
        Assert.Equal(long.MaxValue, number.AsBigInteger());
        Assert.Equal(long.MaxValue, (await server.ExecuteAsync("GET", "counter")).AsInt64());
        await server.ExecuteAsync("ZADD", "scores", 0.1, "a", double.PositiveInfinity, "b");
        Assert.Equal(0.1, (await server.ExecuteAsync("ZSCORE", "scores", "a")).AsDouble());
        Assert.Equal(double.PositiveInfinity, (await server.ExecuteAsync("ZSCORE", "scores", "b")).AsDouble());
        await server.ExecuteAsync("HSET", "hash", "a", 1, "b", "two");
        BixbiteReply hash = await server.ExecuteAsync("HGETALL", "hash");
        Assert.Equal(BixbiteReplyKind.Map, hash.Kind);
        Assert.Equal("{\"a\": \"1\", \"b\": \"two\"}", hash.ToString());
        Assert.Equal("two", hash.AsMap()["b"].AsString());
        await server.ExecuteAsync("SADD", "set", "only");
        Assert.Equal(BixbiteReplyKind.Set, (await server.ExecuteAsync("SMEMBERS", "set")).Kind);
        Assert.Equal(["1", null], (await server.ExecuteAsync("HMGET", "hash", "a", "c")).AsStrings());
        Assert.True((await server.ExecuteAsync("EVAL", "redis.setresp(3) return true", 0)).AsBoolean());
        Assert.Equal(
            BigInteger.Pow(10, 30),
            (await server.ExecuteAsync("EVAL", "redis.setresp(3) return {big_number='1" + new string('0', 30) + "'}", 0)).AsBigInteger());
        Assert.Contains("redis_version:", (await server.ExecuteAsync("INFO", "server")).AsString());
    }

    [Fact]
    public async Task AReplyThatIsSomethingElseSaysWhatItIs()
    {
        await using BixbiteServer server = await BixbiteServer.StartAsync(Cancellation);
        await server.ExecuteAsync("RPUSH", "list", "a", "b");
        BixbiteReply list = await server.ExecuteAsync("LRANGE", "list", 0, -1);
        Assert.Equal(
            "The reply is not a whole number: it is [\"a\", \"b\"].",
            Assert.Throws<InvalidOperationException>(() => list.AsInt64()).Message);
        Assert.Throws<InvalidOperationException>(() => list.AsString());
        Assert.Throws<InvalidOperationException>(() => list.AsBytes());
        Assert.Throws<InvalidOperationException>(() => list.AsDouble());
        Assert.Throws<InvalidOperationException>(() => list.AsBoolean());
        Assert.Throws<InvalidOperationException>(() => list.Items[0].AsInt64());
        Assert.Throws<InvalidOperationException>(() => list.Items[0].AsMap());
    }

    [Fact]
    public async Task AnErrorIsAnException()
    {
        await using BixbiteServer server = await BixbiteServer.StartAsync(Cancellation);
        await server.ExecuteAsync("RPUSH", "list", "a");
        BixbiteException failure = await Assert.ThrowsAsync<BixbiteException>(() => server.ExecuteAsync("GET", "list"));
        Assert.Equal("WRONGTYPE Operation against a key holding the wrong kind of value", failure.Message);
        Assert.Equal("WRONGTYPE", failure.ErrorCode);
        Assert.StartsWith(
            "ERR unknown command 'NO SUCH'",
            (await Assert.ThrowsAsync<BixbiteException>(() => server.ExecuteAsync("NO SUCH"))).Message,
            StringComparison.Ordinal);
        BixbiteReply inner = await server.ExecuteAsync("EVAL", "return {redis.pcall('GET', KEYS[1]), 1}", 1, "list");
        Assert.Equal(BixbiteReplyKind.Error, inner.Items[0].Kind);
    }

    [Theory]
    [InlineData("MULTI")]
    [InlineData("subscribe")]
    [InlineData("Select")]
    [InlineData("AUTH")]
    public async Task WhatNeedsAConnectionIsRefused(string command)
    {
        await using BixbiteServer server = await BixbiteServer.StartAsync(Cancellation);
        ArgumentException refusal = await Assert.ThrowsAsync<ArgumentException>(() => server.ExecuteAsync(command, "1"));
        Assert.StartsWith($"'{command}' is about a connection", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => server.ExecuteAsync("client", "reply", "off"));
    }

    [Fact]
    public async Task NothingIsLeftOnAConnection()
    {
        await using BixbiteServer server = await BixbiteServer.StartAsync(Cancellation);
        await server.ExecuteAsync("CLIENT", "SETNAME", "somebody");
        Assert.Equal("", (await server.ExecuteAsync("CLIENT", "GETNAME")).AsString() ?? "");
        await server.ExecuteAsync("CLIENT", "TRACKING", "on");
        await server.ExecuteAsync("GET", "key");
        Assert.True((await server.ExecuteAsync("SET", "key", "value")).AsBoolean());
        Assert.Equal("value", (await server.ExecuteAsync("GET", "key")).AsString());
    }

    [Fact]
    public async Task CallsOverlap()
    {
        await using BixbiteServer server = await BixbiteServer.StartAsync(o => o.Set("io-threads", "2"), Cancellation);
        Task<BixbiteReply> waiting = server.ExecuteAsync("BLPOP", "list", 0);
        Task[] callers = [.. Enumerable.Range(0, 32).Select(caller => Task.Run(
            async () =>
            {
                for (int i = 0; i < 100; i++)
                {
                    await server.ExecuteAsync("INCR", "counter");
                    Assert.Equal($"{caller}", (await server.ExecuteAsync("ECHO", $"{caller}")).AsString());
                }
            },
            Cancellation))];
        await Task.WhenAll(callers);
        Assert.Equal(3200, (await server.ExecuteAsync("GET", "counter")).AsInt64());
        await server.ExecuteAsync("RPUSH", "list", "x");
        Assert.Equal(["list", "x"], (await waiting).AsStrings());
    }

    [Fact]
    public async Task ACallMayBeGivenUp()
    {
        await using BixbiteServer server = await BixbiteServer.StartAsync(Cancellation);
        using CancellationTokenSource source = new();
        Task<BixbiteReply> waiting = server.ExecuteAsync("BLPOP", ["list", 0], source.Token);
        await BixbiteCalls.UntilBlockedAsync(server, 1);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await BixbiteCalls.UntilBlockedAsync(server, 0);
        await server.ExecuteAsync("RPUSH", "list", "x");
        Assert.Equal(1, (await server.ExecuteAsync("LLEN", "list")).AsInt64());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server.ExecuteAsync("PING", [], source.Token));
    }

    [Fact]
    public async Task LargeValuesComeWhole()
    {
        await using BixbiteServer server = await BixbiteServer.StartAsync(Cancellation);
        byte[] large = new byte[5_000_000];
        Random.Shared.NextBytes(large);
        await server.ExecuteAsync("SET", "large", large);
        Assert.Equal(large, (await server.ExecuteAsync("GET", "large")).AsBytes());
        Assert.Equal(large.Length, (await server.ExecuteAsync("STRLEN", "large")).AsInt64());
        Assert.Equal(1_000_000, (await server.ExecuteAsync("SETRANGE", "zeroes", 999_999, "x")).AsInt64());
        Assert.Equal(1_000_000, Encoding.Latin1.GetString((await server.ExecuteAsync("GET", "zeroes")).AsBytes()!).Length);
    }

    [Fact]
    public void ArgumentsAreBytes()
    {
        BixbiteArgument text = "12";
        BixbiteArgument number = 12;
        Assert.True(text == number);
        Assert.Equal(text.GetHashCode(), number.GetHashCode());
        Assert.NotEqual(text, (BixbiteArgument)12.5);
        Assert.Equal("12.5", ((BixbiteArgument)12.5).ToString());
        Assert.Equal("-inf", ((BixbiteArgument)double.NegativeInfinity).ToString());
        Assert.Equal("18446744073709551615", ((BixbiteArgument)ulong.MaxValue).ToString());
        Assert.Equal("4294967295", ((BixbiteArgument)uint.MaxValue).ToString());
        Assert.Equal("255", ((BixbiteArgument)byte.MaxValue).ToString());
        Assert.Equal("-32768", ((BixbiteArgument)short.MinValue).ToString());
        Assert.Equal("0.1", ((BixbiteArgument)0.1f).ToString());
        Assert.Equal("inf", ((BixbiteArgument)float.PositiveInfinity).ToString());
        Assert.Equal("\u00e9", ((BixbiteArgument)'\u00e9').ToString());
        Assert.Throws<ArgumentNullException>(() => (BixbiteArgument)(string)null!);
    }
}
