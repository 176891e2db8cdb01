using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Propagation;

/// <summary>What commands that Redis 7.0 does not have add to the log.</summary>
public sealed class NewerEffectTests
{
    [Theory]
    [InlineData("HEXPIRE h 100 FIELDS 2 a none", "HPEXPIREAT h NOW FIELDS 1 a\n", 1)]
    [InlineData("HPEXPIRE h 100000 NX FIELDS 2 a b", "HPEXPIREAT h NOW NX FIELDS 2 a b\n", 2)]
    [InlineData("HEXPIRE h 0 FIELDS 2 a none", "HDEL h a\n", 1)]
    [InlineData("HEXPIRE h 0 FIELDS 2 a b", "MULTI\nHDEL h a\nHDEL h b\nEXEC\n", 2)]
    [InlineData("HEXPIRE h 100 XX FIELDS 1 a", "", 0)]
    [InlineData("HPERSIST h FIELDS 2 old a", "HPERSIST h FIELDS 2 old a\n", 1)]
    [InlineData("HGETEX h EX 100 FIELDS 2 a none", "HPEXPIREAT h NOW FIELDS 1 a\n", 1)]
    [InlineData("HGETEX h PXAT 1 FIELDS 2 a none", "HDEL h a\n", 1)]
    [InlineData("HGETEX h PERSIST FIELDS 2 a old", "HPERSIST h FIELDS 2 a old\n", 1)]
    [InlineData("HGETEX h FIELDS 1 a", "", 0)]
    [InlineData("HGETDEL h FIELDS 2 a none", "HDEL h a none\n", 1)]
    [InlineData("HSETEX h FXX EX 100 FIELDS 1 a 5", "MULTI\nHSET h a 5\nHPEXPIREAT h NOW FIELDS 1 a\nEXEC\n", 1)]
    [InlineData("HSETEX h FNX KEEPTTL FIELDS 1 new 5", "HSET h new 5\n", 1)]
    [InlineData(
        "HSETEX h KEEPTTL FIELDS 2 old 5 a 6", "MULTI\nHSET h old 5 a 6\nHPEXPIREAT h 9999999999999 FIELDS 1 old\nEXEC\n", 2)]
    [InlineData("HSETEX h FXX FIELDS 1 old 5", "HSET h old 5\n", 1)]
    [InlineData("HSETEX h PXAT 1 FIELDS 1 a 5", "HDEL h a\n", 1)]
    [InlineData("HINCRBYFLOAT h old 0.5", "MULTI\nHSET h old 1.5\nHPEXPIREAT h 9999999999999 FIELDS 1 old\nEXEC\n", 1)]
    [InlineData("HINCRBYFLOAT h a 0.5", "HSET h a 1.5\n", 1)]
    [InlineData("INCREX n BYINT 5 EX 100", "SET n 5 PXAT NOW\n", 1)]
    [InlineData("INCREX n BYFLOAT 0.5", "SET n 0.5 KEEPTTL\n", 1)]
    [InlineData("INCREX n BYINT 5 UBOUND 3", "", 0)]
    [InlineData("MSETEX 2 x 1 y 2 NX PX 100000", "MULTI\nSET x 1 PXAT NOW\nSET y 2 PXAT NOW\nEXEC\n", 2)]
    [InlineData("MSETEX 2 x 1 y 2 KEEPTTL", "MULTI\nSET x 1 KEEPTTL\nSET y 2 KEEPTTL\nEXEC\n", 2)]
    [InlineData("MSETEX 1 x 1 KEEPTTL", "SET x 1 KEEPTTL\n", 1)]
    [InlineData("MSETEX 2 x 1 y 2 NX", "MSET x 1 y 2\n", 2)]
    [InlineData("MSETEX 2 x 1 s 2 NX", "", 0)]
    [InlineData("SET s 2 IFEQ 1 GET", "SET s 2\n", 1)]
    [InlineData("SET s 2 IFNE 2 KEEPTTL", "SET s 2 KEEPTTL\n", 1)]
    [InlineData("SET s 2 IFEQ 1 EX 100", "SET s 2 PXAT NOW\n", 1)]
    [InlineData("SET s 2 IFEQ 2 GET", "", 0)]
    [InlineData("DELEX s IFEQ 1", "DEL s\n", 1)]
    [InlineData("DELEX h", "DEL h\n", 1)]
    [InlineData("DELEX s IFEQ 2", "", 0)]
    [InlineData("DELIFEQ s 1", "DEL s\n", 1)]
    [InlineData("LMOVEM l m LEFT RIGHT COUNT 2 BULK", "MULTI\nLPOP l 2\nRPUSH m 1 2\nEXEC\n", 2)]
    [InlineData("LMOVEM l m RIGHT LEFT COUNT 2 BULK", "MULTI\nRPOP l 2\nLPUSH m 3 2\nEXEC\n", 2)]
    [InlineData("LMOVEM l m LEFT LEFT COUNT 2 OBO", "MULTI\nLPOP l 2\nLPUSH m 1 2\nEXEC\n", 2)]
    [InlineData("LMOVEM l l LEFT RIGHT COUNT 2 BULK", "MULTI\nLPOP l 2\nRPUSH l 1 2\nEXEC\n", 2)]
    [InlineData("LMOVEM l l LEFT LEFT COUNT 9 OBO", "MULTI\nLSET l 0 3\nLSET l 1 2\nLSET l 2 1\nEXEC\n", 3)]
    [InlineData("BLMOVEM l m LEFT RIGHT 0 COUNT 2 BULK", "MULTI\nLPOP l 2\nRPUSH m 1 2\nEXEC\n", 2)]
    public void A_command(string command, string requests, long changeCount)
    {
        using LoggedServer server = new(Programs.Server);
        server.Run("HSET h a 1 b 2 old 1");
        server.Run("HPEXPIREAT h 9999999999999 FIELDS 1 old");
        server.Run("SET s 1");
        server.Run("RPUSH l 1 2 3");
        Assert.Equal((requests, changeCount), server.Run(command));
    }

    [Theory]
    [InlineData("XACKDEL x g IDS 2 1-1 9-9", "MULTI\nXACK x g 1-1\nXDEL x 1-1\nEXEC\n", 2)]
    [InlineData("XACKDEL x g DELREF IDS 1 1-1", "MULTI\nXACK x g 1-1\nXACK x other 1-1\nXDEL x 1-1\nEXEC\n", 3)]
    [InlineData("XACKDEL x g ACKED IDS 1 1-1", "XACK x g 1-1\n", 1)]
    [InlineData("XACKDEL x g IDS 1 9-9", "", 0)]
    [InlineData("XDELEX x IDS 2 1-1 9-9", "XDEL x 1-1\n", 1)]
    [InlineData("XDELEX x DELREF IDS 1 1-1", "MULTI\nXACK x g 1-1\nXACK x other 1-1\nXDEL x 1-1\nEXEC\n", 2)]
    [InlineData("XDELEX x ACKED IDS 2 1-1 2-1", "XDEL x 2-1\n", 1)]
    [InlineData("XTRIM x MAXLEN 2 KEEPREF", "XTRIM x MAXLEN 2\n", 2)]
    [InlineData(
        "XTRIM x MAXLEN = 3 DELREF", "MULTI\nXACK x g 1-1\nXACK x other 1-1\nXTRIM x MAXLEN = 3\nEXEC\n", 1)]
    [InlineData("XTRIM x MAXLEN 2 ACKED", "MULTI\nXDEL x 2-1\nXDEL x 3-1\nEXEC\n", 2)]
    [InlineData("XADD x KEEPREF MAXLEN 4 5-1 f v", "XADD x MAXLEN 4 5-1 f v\n", 1)]
    [InlineData("XADD x KEEPREF 5-1 f v", "XADD x 5-1 f v\n", 1)]
    [InlineData("XADD x NOMKSTREAM MAXLEN 3 ACKED 5-* f v", "MULTI\nXADD x 5-0 f v\nXDEL x 2-1\nXDEL x 3-1\nEXEC\n", 1)]
    public void A_stream_whose_groups_count(string command, string requests, long changeCount)
    {
        using LoggedServer server = new(Programs.Server);
        for (int i = 1; i <= 4; i++)
        {
            server.Run($"XADD x {i}-1 f v");
        }
        foreach (string group in (string[])["g", "other"])
        {
            server.Run($"XGROUP CREATE x {group} 0");
            server.Run($"XREADGROUP GROUP {group} c COUNT 3 STREAMS x >");
            server.Run($"XACK x {group} 2-1 3-1");
        }
        Assert.Equal((requests, changeCount), server.Run(command));
    }

    [Fact]
    public void A_hash_from_a_connections_own_names_is_logged_with_them()
    {
        using LoggedServer server = new(Programs.Server);
        server.Run("HIMPORT PREPARE names b a");
        Assert.Equal("SELECT 0\nHSET h a 2 b 1\n", server.Run("HIMPORT SET h names 1 2").Requests);
        Assert.Equal("MULTI\nDEL h\nHSET h a 4 b 3\nEXEC\n", server.Run("HIMPORT SET h names 3 4").Requests);
    }

    [Theory]
    [InlineData("1 b", "HGET h b", "HDEL h b\n")]
    [InlineData("1 b", "HSET h a 3", "MULTI\nHDEL h b\nHSET h a 3\nEXEC\n")]
    [InlineData("2 a b", "HLEN h", "MULTI\nHDEL h a\nHDEL h b\nEXEC\n")]
    [InlineData("2 a b", "HSET h a 3", "MULTI\nHDEL h a\nHDEL h b\nHSET h a 3\nEXEC\n")]
    public void Fields_whose_time_has_come_are_deleted_in_front(string due, string command, string requests)
    {
        foreach (string entriesMax in new[] { "128", "0" })
        {
            using LoggedServer server = new(Programs.Server, "--hash-max-listpack-entries", entriesMax);
            server.Run("DEBUG SET-ACTIVE-EXPIRE 0");
            server.Run("HSET h a 1 b 2");
            server.Run($"HPEXPIRE h 2 FIELDS {due}");
            server.Run("...");
            (string actual, _) = server.Run(command);
            Assert.Equal(requests.Split('\n').Order(), actual.Split('\n').Order());
        }
    }

    [Fact]
    public void Fields_are_deleted_when_nobody_asks_for_them()
    {
        using LoggedServer server = new(Programs.Server);
        server.Run("HSET h a 1 b 2");
        // The field may be gone before the log is looked at.
        string requests = server.Run("HPEXPIRE h 1 FIELDS 1 b").Requests;
        long deadline = Environment.TickCount64 + RespConnection.PatienceMs;
        while (!requests.Contains("HDEL", StringComparison.Ordinal) && Environment.TickCount64 < deadline)
        {
            requests += server.Run("...").Requests;
        }
        Assert.Equal("HPEXPIREAT h NOW FIELDS 1 b\nHDEL h b\n", requests);
    }

    /// <summary>What repeats the log removes nothing by itself, so it must be told before a command that depends on it.</summary>
    [Fact]
    public void Hidden_fields_are_deleted_in_front_of_what_names_them_and_go_with_the_hash()
    {
        using LoggedServer server = new(Programs.Server);
        string[] fields = [.. Enumerable.Range(0, 1_000).Select(number => $"f{number}")];
        server.Run("DEBUG SET-ACTIVE-EXPIRE 0");
        server.Run("HSET h keep 1 " + string.Join(' ', fields.Select(field => field + " 1")));
        server.Run($"HPEXPIRE h 2 FIELDS {fields.Length} " + string.Join(' ', fields));
        server.Run("...");
        string[] lines = server.Run("HSETNX h f777 2").Requests.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("HSETNX h f777 2", lines[^2]);
        Assert.Contains("HDEL h f777", lines);
        Assert.InRange(lines.Count(line => line.StartsWith("HDEL", StringComparison.Ordinal)), 64, 65);
        lines = server.Run("HDEL h keep f777 f888").Requests.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["DEL h", "HDEL h keep f777 f888", "EXEC"], lines[^3..]);
        Assert.Equal("HSETNX h f888 3\n", server.Run("HSETNX h f888 3").Requests);
    }
}
