using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Platform;
using Bixbite.Unit.Structures;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Points;

/// <summary>A machine that stops at any moment loses no library that was acknowledged, and has none of those that were removed.</summary>
public sealed class FunctionTests
{
    private static readonly string[] s_always = ["--appendonly", "yes", "--appendfsync", "always"];

    private static readonly string[] s_fill = [Load("a", "f"), Load("b", "g"), "SET key value"];

    private static readonly string[] s_more =
    [
        Load("c", "h"), "FCALL h 1 n", "MULTI; FUNCTION DELETE a; FCALL h 1 n; EXEC", Load("b", "g2", "REPLACE "), "FUNCTION FLUSH",
        "INCR n", Load("d", "f"),
    ];

    private readonly ITestOutputHelper _output;

    public FunctionTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Fact]
    public void WhatWasAcknowledgedIsThere() => Check(new Story(Promise.Acknowledged, s_always, s_more) { Before = s_fill });

    [Theory]
    [InlineData("yes")]
    [InlineData("no")]
    public void RewritesKeepThem(string hasPreamble) => Check(
        new Story(
            Promise.Acknowledged,
            [.. s_always, "--aof-use-rdb-preamble", hasPreamble],
            ["BGREWRITEAOF", Load("c", "h"), "FUNCTION DELETE a", Story.Rest, "FCALL h 1 n"])
        {
            Before = s_fill,
        });

    [Fact]
    public void SnapshotsKeepThem() => Check(new Story(
        Promise.Saved, ["--save", ""], [.. s_fill, "SAVE", "FUNCTION FLUSH", Load("c", "h"), "BGSAVE", Load("d", "i"), Story.Rest]));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void ASyncThatFailsTakesNoLibraryAndLosesNone(int soundCount)
    {
        var disk = new SimulatedDisk();
        using LocalServer server = LocalServer.StartReady(disk, s_always);
        Assert.Equal("a", server.Call(Load("a", "f")).Text);
        int count = 0;
        disk.Faults.ErrnoOf = operation => operation.IsSync && count++ >= soundCount ? Errno.EIO : 0;
        for (int i = 0; i < soundCount; i++)
        {
            Assert.Equal("OK", server.Call("SET key value").Text);
        }
        using RespConnection writer = server.Connect();
        using RespConnection reader = server.Connect();
        writer.Send(Load("b", "g"));
        server.AwaitInfo("aof_last_write_status", "err");
        foreach (string change in (string[])["FUNCTION DELETE a", "FUNCTION FLUSH", Load("c", "h")])
        {
            Assert.StartsWith("MISCONF", server.Call(change).Text, StringComparison.Ordinal);
        }
        // What is not durable is not answered, and nobody sees it.
        reader.Send("FUNCTION LIST");
        Assert.True(writer.IsSilent(50));
        Assert.True(reader.IsSilent(50));
        disk.Faults.Heal();
        Assert.Equal("b", writer.Read().Text);
        Assert.Equal(2, reader.Read().Items.Count);
        server.AwaitInfo("aof_last_write_status", "ok");
        Assert.Equal("OK", server.Call("FUNCTION DELETE a").Text);
        string digest = server.Digest();
        disk.Crash();
        using LocalServer next = LocalServer.StartReady(disk.Survivor(1), s_always);
        Assert.Equal(digest, next.Digest());
    }

    private static string Load(string library, string function, string option = "") =>
        $"FUNCTION LOAD {option}\"#!lua name={library}\\nredis.register_function('{function}', "
            + "function(k) return redis.call('incr', k[1]) end)\"";

    private void Check(Story story) => _output.WriteLine($"{CrashPoints.Check(story, Seed.NewRandom())} moments");
}
