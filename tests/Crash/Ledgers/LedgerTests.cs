using System.Globalization;
using System.Text;
using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Persistence.Loading;
using Bixbite.Persistence.Values;
using Bixbite.Platform;
using Bixbite.Types;
using Bixbite.Unit.Structures;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Ledgers;

/// <summary>
/// A value type that no project of the server knows: registered by its descriptor and its codec it does whatever other types do.
/// </summary>
public sealed class LedgerTests
{
    private static readonly string[] s_stepByStep = ["--rdb-key-save-delay", "1"];

    private readonly SimulatedDisk _disk = new();
    private readonly Random _random = Seed.NewRandom();

    [Fact]
    public void ItHasItsNameItsEncodingsAndItsClassOfEvents()
    {
        using LocalServer server = Start();
        Restore(server, "small", Entries(3));
        Restore(server, "large", Entries(500));
        Assert.Equal("ledger", server.Call("TYPE small").Text);
        Assert.Equal("listpack", server.Call("OBJECT ENCODING small").Text);
        Assert.Equal("chain", server.Call("OBJECT ENCODING large").Text);
        Assert.Equal(2, server.Call("SCAN 0 COUNT 100 TYPE Ledger").Items[1].Items.Count);
        Assert.Empty(server.Call("SCAN 0 COUNT 100 TYPE hash").Items[1].Items);
        Assert.StartsWith("WRONGTYPE", server.Call("GET small").Text, StringComparison.Ordinal);
        Assert.StartsWith("WRONGTYPE", server.Call("LPUSH large x").Text, StringComparison.Ordinal);
        Assert.Equal(KeyEventClass.Module, Codecs.Types[LedgerType.Number].EventClass);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(3000)]
    public void ItIsDumpedCopiedMeasuredAndDigested(int count)
    {
        using LocalServer server = Start();
        byte[][] entries = Entries(count);
        Restore(server, "k", entries);
        byte[] payload = LedgerCodec.Payload(entries);
        Assert.Equal(payload, server.Call("DUMP k").Bytes);
        string digest = server.Call("DEBUG DIGEST-VALUE k").Items[0].Text;
        Assert.Equal(1, server.Call("COPY k copy").Integer);
        Assert.Equal(1, server.Call("COPY k there DB 3").Integer);
        server.Call("DEL k");
        Assert.Equal(payload, server.Call("DUMP copy").Bytes);
        Assert.Equal(digest, server.Call("DEBUG DIGEST-VALUE copy").Items[0].Text);
        Assert.InRange(server.Call("MEMORY USAGE copy SAMPLES 0").Integer, entries.Sum(entry => (long)entry.Length), long.MaxValue);
        server.Call("SELECT 3");
        Assert.Equal(payload, server.Call("DUMP there").Bytes);
        server.Call("RENAME there renamed");
        server.Call("PEXPIRE renamed 1000000");
        Assert.Equal(payload, server.Call("DUMP renamed").Bytes);
        entries[^1] = [.. entries[^1], 1];
        Restore(server, "other", entries);
        Assert.NotEqual(digest, server.Call("DEBUG DIGEST-VALUE other").Items[0].Text);
    }

    [Fact]
    public void WhatIsWrongIsNotRestored()
    {
        using LocalServer server = Start();
        string empty = server.Info("used_memory");
        server.Call("DEBUG SET-SKIP-CHECKSUM-VALIDATION 1");
        byte[] payload = LedgerCodec.Payload(Entries(40));
        foreach (byte[] wrong in (byte[][])[LedgerCodec.Payload(), payload[..100], [.. payload[..1], 60, .. payload[2..]], payload[..11]])
        {
            // A version that is read stands before the checksum.
            byte[] altered = [.. wrong[..^10], 10, 0, .. wrong[^8..]];
            Assert.True(server.Call("RESTORE"u8.ToArray(), "k"u8.ToArray(), "0"u8.ToArray(), altered).IsError);
        }

        Assert.Equal(0, server.Call("EXISTS k").Integer);
        server.Call("FLUSHALL");
        server.AwaitInfo("used_memory", empty);
    }

    [Fact]
    public void ItIsSavedAndLoaded()
    {
        using LocalServer server = Start();
        Fill(server, 60);
        Assert.Equal("OK", server.Call("SAVE").Text);
        using LocalServer loaded = Start(_disk.Copy());
        Assert.Equal(server.Digest(), loaded.Digest());
        Assert.Equal("OK", loaded.Call("DEBUG RELOAD").Text);
        Assert.Equal(server.Digest(), loaded.Digest());
    }

    [Fact]
    public void AFileIsCheckedByWhoKnowsItsTypes()
    {
        using LocalServer server = Start();
        Fill(server, 60);
        Assert.Equal("OK", server.Call("SAVE").Text);
        long count = server.Call("DBSIZE").Integer;
        Assert.Null(Check(Codecs, out long keyCount));
        Assert.Equal(count, keyCount);
        Assert.NotNull(Check(ValueCodecs.BuiltIn, out _));
    }

    [Fact]
    public void AFileHasWhatWasThereAtItsBeginning()
    {
        using LocalServer server = Start(_disk, s_stepByStep);
        string start = Emptied(server);
        Fill(server, 200);
        server.TrySend("DEBUG DIGEST");
        server.TrySend("BGSAVE");
        string digest = server.TryRead()!.Text;
        Assert.False(server.TryRead()!.IsError);
        ChangeWhile(server, "rdb_bgsave_in_progress");
        Assert.Equal("ok", server.Info("rdb_last_bgsave_status"));
        using LocalServer loaded = Start(_disk.Copy());
        Assert.Equal(digest, loaded.Call("DEBUG DIGEST").Text);
        Emptied(server);
        server.AwaitInfo("used_memory", start);
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("no")]
    public void ALogIsRewrittenAndReplayed(string preamble)
    {
        string[] log = ["--appendonly", "yes", "--aof-use-rdb-preamble", preamble, "--appendfsync", "always"];
        using LocalServer server = Start(_disk, [.. s_stepByStep, .. log]);
        Fill(server, 200);
        Assert.False(server.Call("BGREWRITEAOF").IsError);
        ChangeWhile(server, "aof_rewrite_in_progress");
        Assert.Equal("ok", server.Info("aof_last_bgrewrite_status"));
        server.Call("DEL ledger:1");
        using LocalServer loaded = Start(_disk.Copy(), log);
        Assert.Equal(server.Digest(), loaded.Digest());
    }

    [Fact]
    public void ALargeOneIsFreedInSlices()
    {
        using LocalServer server = Start();
        Restore(server, "warm", Entries(5000));
        string start = Emptied(server);
        Restore(server, "k", Entries(5000));
        // Nothing runs between the commands of a transaction.
        server.Call("MULTI");
        server.Call("UNLINK k");
        server.Call("INFO memory");
        Assert.Contains("lazyfree_pending_objects:1\r\n", server.Call("EXEC").Items[1].Text, StringComparison.Ordinal);
        server.AwaitInfo("lazyfree_pending_objects", "0");
        server.AwaitInfo("used_memory", start);
        Restore(server, "k", Entries(5000));
        Restore(server, "k", Entries(2));
        Emptied(server);
        server.AwaitInfo("used_memory", start);
    }

    [Fact]
    public void ItsBlocksAreMovedOffSparseSlabs()
    {
        using LocalServer server = Start(_disk, "--activedefrag", "no");
        for (int i = 0; i < 300; i++)
        {
            Restore(server, $"ledger:{i}", Entries(100));
        }
        for (int i = 0; i < 300; i++)
        {
            if (i % 4 != 0)
            {
                server.Call($"DEL ledger:{i}");
            }
        }

        server.AwaitInfo("lazyfree_pending_objects", "0");
        string digest = server.Digest();
        server.Call("CONFIG RESETSTAT");
        server.Call("CONFIG SET active-defrag-ignore-bytes 1 active-defrag-threshold-lower 5 active-defrag-cycle-max 99 activedefrag yes");
        Patience.Until(
            () => long.Parse(server.Info("active_defrag_key_hits"), CultureInfo.InvariantCulture) >= 30, "nothing is moved");
        server.AwaitInfo("active_defrag_running", "0");
        Assert.Equal(digest, server.Digest());
        server.Call("CONFIG SET activedefrag no");
        for (int i = 0; i < 300; i += 4)
        {
            Assert.Equal(1, server.Call($"DEL ledger:{i}").Integer);
        }
    }

    private static ValueCodecs Codecs => ValueCodecs.BuiltIn.With(new LedgerType(), new LedgerCodec());

    private static LocalServer Start(SimulatedDisk disk, params string[] options) => LocalServer.StartReady(
        disk, given => given.Codecs = Codecs, options);

    /// <summary>What is wrong with the saved file for a check that knows these types, or null.</summary>
    private string? Check(ValueCodecs codecs, out long keyCount)
    {
        using RdbCheck check = RdbCheck.Open(_disk, Paths.Full("dump.rdb"), codecs, nowMs: 0, out _)!;
        while (!check.Run(static () => false))
        {
        }
        keyCount = check.Facts.KeyCount;
        return check.Problem;
    }

    /// <summary>Removes everything; returns the memory in use then.</summary>
    private static string Emptied(LocalServer server)
    {
        server.Call("FLUSHALL");
        server.AwaitInfo("lazyfree_pending_objects", "0");
        return server.Info("used_memory");
    }

    private static void Restore(LocalServer server, string key, byte[][] entries) => Assert.Equal(
        "OK",
        server.Call(
            "RESTORE"u8.ToArray(), Encoding.ASCII.GetBytes(key), "0"u8.ToArray(), LedgerCodec.Payload(entries),
            "REPLACE"u8.ToArray()).Text);

    private LocalServer Start() => Start(_disk);

    private byte[][] Entries(int count)
    {
        byte[][] entries = new byte[count][];
        for (int i = 0; i < count; i++)
        {
            entries[i] = new byte[_random.Next(0, 60)];
            _random.NextBytes(entries[i]);
        }

        return entries;
    }

    private void Fill(LocalServer server, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Restore(server, $"ledger:{i}", Entries(_random.Next(2) == 0 ? _random.Next(1, 9) : _random.Next(9, 400)));
            server.Call($"RPUSH list:{i} a b c");
        }

        server.Call("PEXPIRE ledger:0 1000000");
    }

    /// <summary>Replaces, removes, renames and copies ledgers until the field of INFO is 0.</summary>
    private void ChangeWhile(LocalServer server, string field)
    {
        while (server.Info(field) != "0")
        {
            string key = $"ledger:{_random.Next(200)}";
            switch (_random.Next(5))
            {
                case 0:
                    Restore(server, key, Entries(_random.Next(1, 300)));
                    break;
                case 1:
                    server.Call($"DEL {key}");
                    break;
                case 2:
                    server.Call($"RENAME {key} ledger:{_random.Next(200)}");
                    break;
                case 3:
                    server.Call($"COPY {key} ledger:{_random.Next(200)} REPLACE");
                    break;
                default:
                    server.Call($"PEXPIRE {key} 1000000");
                    break;
            }
        }
    }
}
