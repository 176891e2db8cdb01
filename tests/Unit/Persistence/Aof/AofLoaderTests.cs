using System.Globalization;
using System.Text;
using Bixbite.Persistence.Aof;
using Xunit;

namespace Bixbite.Unit.Persistence.Aof;

/// <summary>Logs that are whole, torn and damaged; the requests are noted in place of being run.</summary>
public class AofLoaderTests
{
    [Fact]
    public void The_files_are_repeated_in_order()
    {
        using var log = new LogFixture();
        log.Write(LogFixture.Requests("SELECT 0", "SET a 1"), [], LogFixture.Requests("MULTI", "SET b 2", "EXEC"));
        Assert.Null(log.Load());
        Assert.Equal(["file", "SELECT|0|", "SET|a|1|", "file", "file", "MULTI|", "SET|b|2|", "EXEC|"], log.Replay.Requests);
    }

    [Fact]
    public void Nothing_is_loaded_where_there_is_no_log()
    {
        using var log = new LogFixture();
        Assert.Null(log.Load());
        Assert.Empty(log.Replay.Requests);
    }

    [Fact]
    public void Annotations_are_skipped()
    {
        using var log = new LogFixture();
        log.Write([.. "#TS:1700000000\r\n"u8, .. LogFixture.Requests("SET a 1"), .. "#\r\n#TS:1700000001\r\n"u8]);
        Assert.Null(log.Load());
        Assert.Equal(["file", "SET|a|1|"], log.Replay.Requests);
    }

    [Fact]
    public void Long_logs_and_long_requests_are_read_in_slices()
    {
        using var log = new LogFixture();
        string[] lines = [.. Enumerable.Range(0, 20_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"SET key:{i} v{i}"))];
        string text = new('x', 3_000_000);
        log.Write([.. LogFixture.Requests(lines), .. LogFixture.Request("SET", "long", text), .. LogFixture.Requests("SET last 1")]);
        int looks = 0;
        Assert.Null(log.Load(() => ++looks % 7 == 0));
        Assert.Equal(lines.Length + 3, log.Replay.Requests.Count);
        Assert.Equal("SET|key:19999|v19999|", log.Replay.Requests[20_000]);
        Assert.Equal($"SET|long|{text}|", log.Replay.Requests[20_001]);
        Assert.Equal("SET|last|1|", log.Replay.Requests[20_002]);
        Assert.True(log.Replay.SliceCount > 80);
    }

    [Fact]
    public void A_torn_tail_is_cut_off_and_kept()
    {
        using var log = new LogFixture();
        byte[] whole = LogFixture.Requests("SET a 1");
        log.Write(whole, [.. whole, .. "*3\r\n$3\r\nSE"u8]);
        Assert.Null(log.Load());
        Assert.Equal(whole, log.Disk.Files[LogFixture.Second]);
        string sidePath = string.Create(CultureInfo.InvariantCulture, $"{LogFixture.Second}.cut-{whole.Length}");
        Assert.Equal("*3\r\n$3\r\nSE"u8.ToArray(), log.Disk.Files[sidePath]);
        Assert.Contains("Truncating the AOF appendonly.aof.2.incr.aof at offset 27 of 37", log.Told, StringComparison.Ordinal);
        Assert.Contains(sidePath, log.Told, StringComparison.Ordinal);
        Assert.Null(log.Load());
    }

    [Fact]
    public void A_torn_tail_stops_the_start_where_it_must_not_be_cut()
    {
        using var log = new LogFixture { Options = new AofLoadOptions(CutsTornTail: false) };
        log.Write([.. LogFixture.Requests("SET a 1"), .. "*3\r\n"u8]);
        string? problem = log.Load();
        Assert.StartsWith($"Unexpected end of file reading the append only file {LogFixture.First}, at byte 27 of 31", problem,
            StringComparison.Ordinal);
        Assert.Equal(31, log.Disk.Files[LogFixture.First].Length);
    }

    [Fact]
    public void A_torn_file_that_is_not_the_last_stops_the_start()
    {
        using var log = new LogFixture();
        log.Write("*3\r\n"u8.ToArray(), LogFixture.Requests("SET a 1"));
        Assert.Contains("the truncated file is not the last file", log.Load(), StringComparison.Ordinal);
        Assert.Equal(4, log.Disk.Files[LogFixture.First].Length);
    }

    [Fact]
    public void A_file_that_is_not_there_stops_the_start()
    {
        using var log = new LogFixture();
        log.Write(LogFixture.Requests("SET a 1"), LogFixture.Requests("SET b 1"));
        log.Disk.Delete(LogFixture.Second);
        Assert.Contains($"{LogFixture.Second}, which the manifest names, doesn't exist", log.Load(), StringComparison.Ordinal);
        Assert.Empty(log.Replay.Requests);
    }

    [Fact]
    public void An_increment_without_a_manifest_stops_the_start()
    {
        using var log = new LogFixture();
        log.Disk.Files[LogFixture.First] = [];
        Assert.Null(log.Load());
        log.Disk.Files[LogFixture.First] = LogFixture.Requests("SET a 1");
        Assert.Contains("appendonly.aof.manifest is missing", log.Load(), StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_is_told_with_its_place()
    {
        using var log = new LogFixture();
        byte[] bytes = LogFixture.Requests("SET a 1", "SET b 2", "SET c 3");
        bytes[27] = (byte)'X';
        log.Write(bytes);
        string? problem = log.Load();
        Assert.StartsWith($"Bad file format reading the append only file {LogFixture.First}, at byte 27 of 81", problem,
            StringComparison.Ordinal);
        Assert.Equal(bytes, log.Disk.Files[LogFixture.First]);

        log.Options = new AofLoadOptions(DamagedTailSizeMax: 53);
        Assert.NotNull(log.Load());
        log.Options = new AofLoadOptions(DamagedTailSizeMax: 54);
        Assert.Null(log.Load());
        Assert.Equal(27, log.Disk.Files[LogFixture.First].Length);
    }

    [Fact]
    public void A_length_that_swallows_requests_is_damage()
    {
        using var log = new LogFixture();
        byte[] bytes = LogFixture.Requests("SET a 1", "SET b 2", "SET c 3");
        bytes[5] = (byte)'9';
        byte[] torn = [.. bytes.AsSpan(0, 4), .. "$900"u8, .. bytes.AsSpan(6)];
        log.Write(torn);
        Assert.StartsWith($"Bad file format reading the append only file {LogFixture.First}, at byte 0 of 83", log.Load(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_command_stops_the_start()
    {
        using var log = new LogFixture();
        log.Write(LogFixture.Requests("SET a 1", "NOSUCH x"));
        Assert.Contains("at byte 27 of 50: unknown command", log.Load(), StringComparison.Ordinal);
    }

    [Fact]
    public void Zeros_at_the_end_are_a_torn_tail()
    {
        using var log = new LogFixture();
        byte[] whole = LogFixture.Requests("SET a 1");
        log.Write([.. whole, .. "*3\r\n$3\r\nS"u8, .. new byte[5000]]);
        Assert.Null(log.Load());
        Assert.Equal(whole, log.Disk.Files[LogFixture.First]);
    }

    [Fact]
    public void The_single_file_of_an_older_release_moves_into_the_folder()
    {
        using var log = new LogFixture();
        log.Disk.Files["/data/appendonly.aof"] = LogFixture.Requests("SET a 1");
        Assert.Null(log.Load());
        Assert.Equal(["file", "SET|a|1|"], log.Replay.Requests);
        Assert.Equal(
            ["/data/appendonlydir/appendonly.aof", "/data/appendonlydir/appendonly.aof.manifest"], log.Disk.Files.Keys.Order());
        Assert.Equal(
            "file appendonly.aof seq 1 type b\n",
            Encoding.ASCII.GetString(log.Disk.Files["/data/appendonlydir/appendonly.aof.manifest"]));
        Assert.Null(log.Load());
    }

    [Fact]
    public void A_move_that_was_begun_is_finished()
    {
        using var log = new LogFixture();
        log.Disk.Files["/data/appendonly.aof"] = LogFixture.Requests("SET a 1");
        log.Disk.Files["/data/appendonlydir/appendonly.aof.manifest"] = "file appendonly.aof seq 1 type b\n"u8.ToArray();
        Assert.Null(log.Load());
        Assert.Equal(["file", "SET|a|1|"], log.Replay.Requests);
    }
}
