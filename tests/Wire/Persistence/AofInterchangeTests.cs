using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Persistence;

/// <summary>Append only files go from Redis to the server and back: as they grew, and rewritten, with the base in either form.</summary>
public sealed class AofInterchangeTests : IDisposable
{
    /// <summary>Changes of which most are not written as they came.</summary>
    private static readonly string[] s_changes =
    [
        "SET later x EX 100000", "EXPIRE string:1 100000", "SPOP set:words 10", "INCRBYFLOAT fraction 0.1",
        "HINCRBYFLOAT hash:small sum 2.5", "GETEX string:-1 EX 5000", "SET gone x PX 1", "SET fresh x", "RENAME fresh renamed",
        "SETEX six 6000 x", "LPOP list:words 20", "MULTI", "SELECT 3", "SET inside 1", "INCR inside", "SELECT 0", "EXEC",
        "SORT list:numbers LIMIT 0 5 STORE sorted", "COPY zset:small zset:copied REPLACE", "GEOADD zset:geo 2.35 48.85 Paris",
        "PFADD string:sparse another", "SWAPDB 1 7",
    ];

    private static readonly string[] s_streamChanges =
    [
        "XADD stream:many * field now", "XREADGROUP GROUP readers carl COUNT 3 STREAMS stream:many >",
    ];

    private readonly TempFolder _folder;

    public AofInterchangeTests()
    {
        _folder = new TempFolder();
    }

    public static TheoryData<string, bool> Writings => new()
    {
        { "", false },
        { "", true },
        { "--aof-use-rdb-preamble no", false },
        { "--aof-use-rdb-preamble no", true },
        { "--aof-timestamp-enabled yes", true },
        { "--aof-use-rdb-preamble no --hash-max-listpack-entries 0 --zset-max-listpack-entries 0 --list-max-listpack-size 1", true },
        { "--appendfsync always --appendfilename other.aof --appenddirname elsewhere", true },
    };

    [Theory]
    [MemberData(nameof(Writings))]
    public void What_Redis_wrote_is_loaded_and_comes_back(string options, bool isRewritten)
    {
        string[] settings = Aof(options);
        string digest;
        using (StoppableServer redis = StoppableServer.Redis(_folder, settings))
        {
            digest = FillAndEnd(redis, isRewritten);
        }
        using (StoppableServer ours = StoppableServer.Ours(_folder, settings))
        {
            Assert.Equal(digest, SampleData.Digest(ours.Client));
            digest = ChangeAndEnd(ours);
        }

        using StoppableServer again = StoppableServer.Redis(_folder, settings);
        Assert.Equal(digest, SampleData.Digest(again.Client));
    }

    [Theory]
    [MemberData(nameof(Writings))]
    public void What_the_server_wrote_is_loaded_by_Redis_and_by_itself(string options, bool isRewritten)
    {
        string[] settings = Aof(options);
        string digest;
        using (StoppableServer ours = StoppableServer.Ours(_folder, settings))
        {
            digest = FillAndEnd(ours, isRewritten);
        }
        using (StoppableServer ours = StoppableServer.Ours(_folder, settings))
        {
            Assert.Equal(digest, SampleData.Digest(ours.Client));
            digest = ChangeAndEnd(ours);
        }

        using StoppableServer redis = StoppableServer.Redis(_folder, settings);
        Assert.Equal(digest, SampleData.Digest(redis.Client));
    }

    [Fact]
    public void It_can_be_switched_on_while_the_server_runs()
    {
        string digest;
        using (StoppableServer ours = StoppableServer.Ours(_folder))
        {
            SampleData.Fill(ours.Client);
            ours.Do("CONFIG SET appendonly yes");
            ours.Do("SET after it");
            ours.AwaitRest();
            digest = SampleData.Digest(ours.Client);
            Assert.Equal(0, ours.End());
        }

        using (StoppableServer redis = StoppableServer.Redis(_folder, Aof("")))
        {
            Assert.Equal(digest, SampleData.Digest(redis.Client));
        }
        using StoppableServer again = StoppableServer.Ours(_folder, Aof(""));
        Assert.Equal(digest, SampleData.Digest(again.Client));
    }

    public void Dispose() => _folder.Dispose();

    private static string[] Aof(string options) =>
        ["--appendonly", "yes", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    private static string FillAndEnd(StoppableServer server, bool isRewritten)
    {
        SampleData.Fill(server.Client);
        if (isRewritten)
        {
            Rewrite(server);
        }
        return ChangeAndEnd(server);
    }

    /// <summary>Changes it and ends it; returns the digest of what it held.</summary>
    private static string ChangeAndEnd(StoppableServer server)
    {
        foreach (string change in SampleData.HasStreams(server.Client) ? s_changes.Concat(s_streamChanges) : s_changes)
        {
            Reply reply = server.Client.Call(change);
            Assert.False(reply.IsError, $"{change}: {reply.Text}");
        }

        // The key that is due must be gone before the digest is taken.
        while (server.Client.Call("EXISTS gone").Integer == 1)
        {
            Thread.Sleep(1);
        }
        string digest = SampleData.Digest(server.Client);
        Assert.Equal(0, server.End());
        return digest;
    }

    private static void Rewrite(StoppableServer server)
    {
        server.Do("BGREWRITEAOF", "Background append only file rewriting started");
        server.AwaitRest();
        Assert.Equal("ok", server.Info("aof_last_bgrewrite_status"));
    }
}
