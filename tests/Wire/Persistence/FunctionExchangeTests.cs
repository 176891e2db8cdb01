using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Persistence;

/// <summary>Libraries of functions are part of the dataset: they go from Redis to the server and back, in every kind of file.</summary>
public sealed class FunctionExchangeTests : IDisposable
{
    private static readonly string[] s_loads =
    [
        "FUNCTION LOAD \"#!lua name=counter\\nredis.register_function('add', function(k, a) return redis.call('incrby', k[1], a[1]) end)\"",
        "FUNCTION LOAD \"#!lua name=reader\\nredis.register_function{function_name='read', callback=function(k) "
            + "return redis.call('get', k[1]) end, flags={'no-writes'}, description='reads'}\"",
        $"FUNCTION LOAD \"#!lua name=long\\nredis.register_function('long', function() return '{new string('x', 5000)}' end)\"",
    ];

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Writings =>
    [
        "",
        "--rdbcompression no",
        "--appendonly yes",
        "--appendonly yes --aof-use-rdb-preamble no",
        "--appendonly yes --aof-use-rdb-preamble no --aof-timestamp-enabled yes",
        "--appendonly yes --appendfsync always",
    ];

    [Theory]
    [MemberData(nameof(Writings))]
    public void LibrariesOfRedisAreLoadedAndComeBack(string options)
    {
        string[] settings = Words(options);
        string shown;
        using (StoppableServer redis = StoppableServer.Redis(_folder, settings))
        {
            Fill(redis, isRewritten: options.Contains("appendonly", StringComparison.Ordinal));
            shown = Show(redis);
            End(redis, options);
        }
        using (StoppableServer ours = StoppableServer.Ours(_folder, settings))
        {
            Assert.Equal(shown, Show(ours));
            Change(ours);
            shown = Show(ours);
            End(ours, options);
        }
        using StoppableServer again = StoppableServer.Redis(_folder, settings);
        Assert.Equal(shown, Show(again));
    }

    [Theory]
    [MemberData(nameof(Writings))]
    public void LibrariesOfTheServerAreLoadedByRedisAndByItself(string options)
    {
        string[] settings = Words(options);
        string shown;
        using (StoppableServer ours = StoppableServer.Ours(_folder, settings))
        {
            Fill(ours, isRewritten: options.Contains("appendonly", StringComparison.Ordinal));
            Change(ours);
            shown = Show(ours);
            End(ours, options);
        }
        using (StoppableServer ours = StoppableServer.Ours(_folder, settings))
        {
            Assert.Equal(shown, Show(ours));
            End(ours, options);
        }
        using StoppableServer redis = StoppableServer.Redis(_folder, settings);
        Assert.Equal(shown, Show(redis));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--appendonly yes")]
    [InlineData("--appendonly yes --aof-use-rdb-preamble no")]
    public void AFileShowsTheLibrariesOfItsBeginning(string options)
    {
        string[] settings = Words(options);
        bool isLog = options.Length > 0;
        string shown;
        using (StoppableServer ours = StoppableServer.Ours(_folder, [.. settings, "--rdb-key-save-delay", "1000000"]))
        {
            Fill(ours, isRewritten: false);
            shown = Show(ours);
            ours.Do(
                isLog ? "BGREWRITEAOF" : "BGSAVE",
                isLog ? "Background append only file rewriting started" : "Background saving started");
            Patience.Until(() => ours.Info("current_save_keys_total") != "0", "no snapshot begins");
            ours.Do("FUNCTION FLUSH");
            ours.Do("FUNCTION LOAD \"#!lua name=late\\nredis.register_function('late', function() return 1 end)\"", "late");
            Assert.Equal("1", ours.Info(isLog ? "aof_rewrite_in_progress" : "rdb_bgsave_in_progress"));
            shown = isLog ? Show(ours) : shown;
            ours.Do("CONFIG SET rdb-key-save-delay 0");
            ours.AwaitRest();
            ours.Kill();
        }
        using StoppableServer redis = StoppableServer.Redis(_folder, settings);
        Assert.Equal(shown, Show(redis));
    }

    [Fact]
    public void WhatAFunctionChangesIsLoggedAsOneStepAndNotTheCall()
    {
        string[] settings = ["--appendonly", "yes", "--aof-use-rdb-preamble", "no"];
        using (StoppableServer ours = StoppableServer.Ours(_folder, settings))
        {
            ours.Do(
                "FUNCTION LOAD \"#!lua name=two\\nredis.register_function('two', function(k) redis.call('incr', k[1]) "
                    + "return redis.call('incr', k[1]) end)\"",
                "two");
            Assert.Equal(2, ours.Client.Call("FCALL two 1 n").Integer);
            Assert.Equal(0, ours.End());
        }
        string log = string.Concat(Directory.GetFiles(_folder.File("appendonlydir"), "*.incr.aof").Select(File.ReadAllText));
        Assert.DoesNotContain("FCALL", log, StringComparison.OrdinalIgnoreCase);
        const string Incr = "*2\r\n$4\r\nincr\r\n$1\r\nn\r\n";
        Assert.Contains($"MULTI\r\n{Incr}{Incr}*1\r\n$4\r\nEXEC", log, StringComparison.Ordinal);
        using StoppableServer redis = StoppableServer.Redis(_folder, settings);
        Assert.Equal("2", redis.Client.Call("GET n").Text);
        Assert.Equal(4, redis.Client.Call("FCALL two 1 n").Integer);
    }

    [Fact]
    public void ReloadingIsThatOfRedis() => Compare.SameReplies(
        """
        FUNCTION FLUSH
        FUNCTION LOAD "#!lua name=a\nredis.register_function('f', function() return 1 end)"
        DEBUG RELOAD
        FCALL f 0
        FUNCTION LOAD "#!lua name=b\nredis.register_function('g', function() return 2 end)"
        DEBUG RELOAD NOSAVE NOFLUSH
        DEBUG RELOAD NOSAVE NOFLUSH MERGE
        FCALL f 0
        FCALL g 0
        DEBUG RELOAD NOSAVE
        FCALL f 0
        FCALL g 0
        DEBUG DIGEST
        FLUSHALL
        FCALL f 0
        FUNCTION DUMP
        """);

    [Fact]
    public void AWrongLibraryStopsTheStartAndIsTold()
    {
        byte[] file = new RdbBytes(10).Op(0xF5).Text("#!lua name=l\nredis.nosuch()").End();
        File.WriteAllBytes(_folder.File("dump.rdb"), file);
        using ServerProcess ours = ServerProcess.StartRaw(
            Programs.Server, _folder, FreePorts.Next(), "--port", "0", "--unixsocket", _folder.File("s"), "--dir", _folder.Path);
        Assert.Equal(1, ours.WaitForExit());
        const string Reason = "a library of functions cannot be loaded: Error registering functions: ERR user_function:2:";
        Assert.Contains(Reason, ours.Output, StringComparison.Ordinal);
        Assert.Equal(file, File.ReadAllBytes(_folder.File("dump.rdb")));
    }

    public void Dispose() => _folder.Dispose();

    private static string[] Words(string options) => options.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static void Fill(StoppableServer server, bool isRewritten)
    {
        foreach (string load in s_loads)
        {
            Assert.False(server.Client.Call(load).IsError);
        }
        server.Do("SET key value");
        Assert.Equal(5, server.Client.Call("FCALL add 1 n 5").Integer);
        if (isRewritten)
        {
            server.Do("BGREWRITEAOF", "Background append only file rewriting started");
            server.AwaitRest();
            Assert.Equal(6, server.Client.Call("FCALL add 1 n 1").Integer);
        }
    }

    /// <summary>Every command that changes libraries.</summary>
    private static void Change(StoppableServer server)
    {
        byte[] payload = server.Client.Call("FUNCTION DUMP").Bytes;
        server.Do("FUNCTION DELETE reader");
        server.Do("FUNCTION FLUSH");
        server.Client.Send(CommandLine.Encode("FUNCTION"u8.ToArray(), "RESTORE"u8.ToArray(), payload));
        Assert.Equal("OK", server.Client.Read().Text);
        server.Do(
            "FUNCTION LOAD REPLACE \"#!lua name=long\\nredis.register_function('long', function() return 'short' end)\"", "long");
        server.Do("FUNCTION LOAD \"#!lua name=gone\\nredis.register_function('gone', function() return 1 end)\"", "gone");
        server.Do("FUNCTION DELETE gone");
        server.Do("FLUSHALL");
        Assert.Equal(1, server.Client.Call("FCALL add 1 n 1").Integer);
    }

    private static void End(StoppableServer server, string options)
    {
        if (options.Contains("appendonly", StringComparison.Ordinal))
        {
            Assert.Equal(0, server.End());
        }
        else
        {
            server.Do("SAVE");
            server.Kill();
        }
    }

    /// <summary>The libraries in the order of their names, and what their functions answer.</summary>
    private static string Show(StoppableServer server)
    {
        IEnumerable<string> libraries = server.Client.Call("FUNCTION LIST WITHCODE").Items.Select(static library => library.ToString());
        string[] calls = ["FCALL read 1 n", "FCALL long 0", "FCALL late 0", "GET n"];
        return string.Join('\n', libraries.Order(StringComparer.Ordinal).Concat(calls.Select(call => server.Client.Call(call).ToString())));
    }
}
