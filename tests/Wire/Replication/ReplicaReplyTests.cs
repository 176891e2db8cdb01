using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replication;

/// <summary>A replica answers what a replica of Redis answers that has the same primary.</summary>
public sealed class ReplicaReplyTests : IDisposable
{
    /// <summary>
    /// Commands that are not here yet, that end or change the connection, or whose replies are the machine's own. HELP has words of its
    /// own, and ACL LIST those of Redis 7.2.
    /// </summary>
    private static readonly string[] s_excluded =
    [
        "acl|genpass", "acl|list", "acl|log", "asking", "cluster", "client|id", "client|info", "client|list", "client|pause",
        "client|reply", "client|setinfo", "command", "config|resetstat", "config|rewrite", "debug", "exec", "failover", "hello", "info",
        "lastsave", "latency", "lolwut", "memory", "module", "monitor", "multi", "psubscribe", "psync", "quit", "randomkey", "readonly",
        "readwrite", "replconf", "replicaof", "reset", "role", "save", "bgsave", "bgrewriteaof", "shutdown", "slaveof", "slowlog",
        "srandmember", "ssubscribe", "subscribe", "sync", "time", "watch", "object|freq", "object|idletime", "function|dump",
        "function|list", "function|stats", "swapdb",
    ];

    private readonly RedisPeer _primary = Redis();
    private readonly RedisPeer _theirs = Redis();
    private readonly TestServer _ours = TestServer.Start("--enable-debug-command", "yes", "--io-threads", "2");
    private readonly RespConnection _source;
    private readonly RespConnection _left;
    private readonly RespConnection _right;

    public ReplicaReplyTests()
    {
        (_source, _left, _right) = (_primary.Connect(), _theirs.Connect(), _ours.Connect());
        foreach (string request in (string[])[
            "DEBUG SET-ACTIVE-EXPIRE 0", "SET s v", "SET n 1", "SET later v PXAT 99999999999999", "RPUSH l a b", "SADD e a b",
            "ZADD z 1 a 2 b", "HSET h f v", "XADD x 1-1 f v", "XGROUP CREATE x g 0", "PFADD p a b", "GEOADD geo 1 1 a", "SET due v PX 1",
            "RPUSH duel a", "PEXPIRE duel 1", "SADD duee a", "PEXPIRE duee 1", "PFADD duep a", "PEXPIRE duep 1",
            "FUNCTION LOAD \"#!lua name=lib\nredis.register_function('f', function() return redis.call('set', 's', 'f') end)\n"
                + "redis.register_function{function_name='g', callback=function() return redis.call('get', 's') end, flags={'no-writes'}}\n"
                + "redis.register_function{function_name='h', callback=function() return 1 end, flags={'no-writes', 'allow-stale'}}\""])
        {
            Assert.False(_source.Call(request).IsError);
        }
        foreach (RespConnection replica in (RespConnection[])[_left, _right])
        {
            Assert.Equal("OK", replica.Call($"REPLICAOF 127.0.0.1 {_primary.Address.Port}").Text);
            ReplicaPair.AwaitSame(_source, replica);
            Patience.Until(() => replica.Call("EXISTS due duel duee duep").Text == "0");
        }
    }

    public void Dispose()
    {
        _source.Dispose();
        _left.Dispose();
        _right.Dispose();
        _ours.Dispose();
        _theirs.Dispose();
        _primary.Dispose();
    }

    [Fact]
    public void Every_command_with_the_fewest_arguments() => Compare.SameReplies(_left, _right, All());

    [Fact]
    public void Every_command_without_a_primary_that_is_not_to_be_served_from_old_data()
    {
        LosePrimary("CONFIG SET replica-serve-stale-data no");
        Compare.SameReplies(_left, _right, [.. All(), .. s_scripts, .. s_transactions]);
    }

    [Fact]
    public void What_is_due_is_hidden_and_stays()
    {
        string[] requests =
        [
            "GET due", "EXISTS due s due", "TTL due", "PTTL due", "EXPIRETIME due", "PEXPIRETIME due", "TYPE due", "STRLEN due",
            "GETRANGE due 0 -1", "MGET due s", "BITCOUNT due", "GETBIT due 1", "OBJECT ENCODING due", "OBJECT REFCOUNT due", "DUMP due",
            "TOUCH due s", "LCS due s", "LRANGE duel 0 -1", "LLEN duel", "LINDEX duel 0", "LPOS duel a", "SORT_RO duel", "SMEMBERS duee",
            "SCARD duee", "SISMEMBER duee a", "%SUNION e duee", "SINTER e duee", "SINTERCARD 2 e duee", "%SDIFF e duee", "PFCOUNT duep",
            "PFCOUNT duep p", "PFCOUNT p", "ZRANGE duel 0 -1", "HGETALL duel", "XLEN duel", "DBSIZE", "%KEYS *", "KEYS due*",
            "SCAN 0 MATCH due* COUNT 1000", "EVAL \"return redis.call('get', 'due')\" 0",
            "EVAL_RO \"return redis.call('exists', 'due', 'duel')\" 0", "WATCH due", "MULTI", "GET due", "LLEN duel", "EXEC",
            "XREAD BLOCK 1 STREAMS x $", "TTL later", "PEXPIRETIME later", "DEBUG DIGEST-VALUE due",
        ];
        Compare.SameReplies(_left, _right, requests);
        Assert.Equal(_left.Call("DEBUG DIGEST").Text, _right.Call("DEBUG DIGEST").Text);
    }

    [Fact]
    public void Scripts_and_transactions() => Compare.SameReplies(_left, _right, [.. s_scripts, .. s_transactions]);

    [Fact]
    public void What_concerns_the_server()
    {
        string[] requests =
        [
            "~ROLE", "WAIT 0 0", "WAIT 1 0", "WAIT x 0", "WAIT", "PUBLISH c m", "CLIENT KILL TYPE nothing", "CLIENT LIST TYPE nothing",
            $"REPLICAOF 127.0.0.1 {_primary.Address.Port}", $"SLAVEOF 127.0.0.1 {_primary.Address.Port}", "REPLICAOF 127.0.0.1 x",
            "REPLICAOF 127.0.0.1 99999", "REPLICAOF 127.0.0.1", "%CONFIG GET replica-* slave-* replicaof slaveof masterauth masteruser",
            "CONFIG SET replicaof \"127.0.0.1 1\"", "SWAPDB 0 1", "SWAPDB 0 x", "FLUSHALL", "FLUSHDB ASYNC", "SELECT 1", "GET s",
            "SELECT 0", "RANDOMKEYS", "CLIENT NO-EVICT on", "CLIENT TRACKING on", "GET s", "CLIENT TRACKING off", "CLIENT CACHING yes",
            "DEBUG SET-ACTIVE-EXPIRE 1",
        ];
        Compare.SameReplies(_left, _right, requests);
        Assert.Equal(Fields(_left, "replication"), Fields(_right, "replication"));
        Assert.Contains(" flags=M ", _right.Call("CLIENT LIST TYPE master").Text, StringComparison.Ordinal);
        foreach (string field in (string[])[
            "role", "master_host", "master_port", "master_link_status", "master_sync_in_progress", "slave_priority", "slave_read_only",
            "replica_announced", "connected_slaves", "master_replid", "second_repl_offset", "repl_backlog_active"])
        {
            Assert.Equal(ReplicaPair.Field(_left, field), ReplicaPair.Field(_right, field));
        }
    }

    [Fact]
    public void A_replica_that_clients_may_change()
    {
        foreach (RespConnection replica in (RespConnection[])[_left, _right])
        {
            replica.Call("CONFIG SET replica-read-only no");
        }
        string[] requests =
        [
            "SET local 1", "INCR n", "GET n", "SET due x NX", "GET due", "TTL due", "RPUSH duel z", "LRANGE duel 0 -1", "SADD duee z",
            "SMEMBERS duee", "PERSIST later", "PTTL later", "EXPIRE n 1000", "@TTL n", "WAIT 0 0", "BLPOP l 1",
            "XREADGROUP GROUP g c STREAMS x >", "DEL s", "GET s", "EVAL \"return redis.call('set', 's', 'x')\" 0", "FCALL f 0",
            "FCALL_RO g 0", "MULTI", "SET s y", "GET s", "EXEC", "RENAME s t", "COPY t u", "GETDEL t", "SET px v PX 1000000",
            "PFADD duep z", "PFCOUNT duep", "DBSIZE", "%KEYS *", "FLUSHALL", "DBSIZE",
        ];
        Compare.SameReplies(_left, _right, requests);
        _source.Call("SET after 1");
        foreach (RespConnection replica in (RespConnection[])[_left, _right])
        {
            Patience.Until(() => replica.Call("GET after").Text == "1");
        }
    }

    [Fact]
    public void Old_data_without_a_primary()
    {
        LosePrimary("PING");
        Compare.SameReplies(_left, _right, [.. All(), .. s_scripts, .. s_transactions, "WAIT 0 0", "WAIT 1 0"]);
        Assert.Equal("down", ReplicaPair.Field(_right, "master_link_status"));
        Assert.Equal(Fields(_left, "replication"), Fields(_right, "replication"));
    }

    [Fact]
    public void A_transaction_that_was_begun_as_a_primary()
    {
        string[] before = ["REPLICAOF NO ONE", "MULTI", "GET s", "SET s w"];
        string[] after = ["EXEC", "GET s", "MULTI", "GET s"];
        Compare.SameReplies(_left, _right, before);
        using RespConnection left = _theirs.Connect();
        using RespConnection right = _ours.Connect();
        Compare.SameReplies(left, right, [$"REPLICAOF 127.0.0.1 {_primary.Address.Port}"]);
        ReplicaPair.AwaitSame(_source, left);
        ReplicaPair.AwaitSame(_source, right);
        Compare.SameReplies(_left, _right, after);
        Compare.SameReplies(left, right, ["CONFIG SET replica-serve-stale-data no", "REPLICAOF 127.0.0.1 1"]);
        Compare.SameReplies(_left, _right, ["EXEC", "GET s"]);
    }

    private static readonly string[] s_scripts =
    [
        "EVAL \"return redis.call('get', 's')\" 0", "EVAL \"return redis.call('set', 's', 'x')\" 0",
        "EVAL \"return redis.pcall('set', 's', 'x')\" 0", "EVAL \"return redis.pcall('set', 's', 'x')['err']\" 0",
        "EVAL_RO \"return redis.call('set', 's', 'x')\" 0", "EVAL \"return 1\" 0", "EVAL \"#!lua\nreturn 1\" 0",
        "EVAL \"#!lua flags=no-writes\nreturn redis.call('get', 's')\" 0", "EVAL \"#!lua flags=no-writes,allow-stale\nreturn 1\" 0",
        "EVAL \"#!lua flags=no-writes,allow-stale\nreturn redis.pcall('get', 's')\" 0",
        "EVAL \"#!lua flags=allow-stale\nreturn redis.pcall('echo', 's')\" 0", "EVALSHA ffffffffffffffffffffffffffffffffffffffff 0",
        "EVAL \"return redis.pcall('ping')\" 0", "EVAL \"return redis.pcall('publish', 'c', 'm')\" 0",
        "EVAL \"return redis.pcall('pfcount', 'p')\" 0", "FCALL f 0", "FCALL g 0", "FCALL h 0", "FCALL_RO f 0", "FCALL_RO g 0",
        "FCALL_RO h 0", "FCALL nothing 0", "FUNCTION DELETE lib", "FUNCTION FLUSH",
        "FUNCTION LOAD \"#!lua name=other\nredis.register_function('o', function() return 1 end)\"", "SCRIPT LOAD \"return 1\"",
        "SCRIPT EXISTS x", "SCRIPT KILL", "FUNCTION KILL",
    ];

    private static readonly string[] s_transactions =
    [
        "MULTI", "GET s", "EXEC", "MULTI", "SET s x", "GET s", "EXEC", "MULTI", "PING", "EXEC", "MULTI", "DISCARD", "WATCH s", "UNWATCH",
        "EXEC", "MULTI", "EVAL \"return redis.call('set', 's', 'x')\" 0", "EXEC", "MULTI", "INFO nothing", "PUBLISH c m", "EXEC", "MULTI",
        "FLUSHALL", "EXEC",
    ];

    private static RedisPeer Redis() => RedisPeer.Start("--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0");

    /// <summary>The names of the lines that both have; those of ours alone are left out.</summary>
    private static string[] Fields(RespConnection server, string section) =>
    [
        .. server.Call($"INFO {section}").Text.Split("\r\n").Where(static line => line.Contains(':', StringComparison.Ordinal))
            .Select(static line => line[..line.IndexOf(':', StringComparison.Ordinal)])
            .Where(static name => !name.StartsWith("repl_backlog_disk_", StringComparison.Ordinal)),
    ];

    /// <summary>Every command that Redis has, with as many arguments as it needs at least.</summary>
    private List<string> All()
    {
        List<string> requests = [];
        foreach (string name in _left.Call("COMMAND LIST").Items.Select(static item => item.Text).Order(StringComparer.Ordinal))
        {
            if (name.EndsWith("|help", StringComparison.Ordinal)
                || s_excluded.Any(each => name == each || name.StartsWith(each + '|', StringComparison.Ordinal)))
            {
                continue;
            }
            int count = Math.Abs((int)_left.Call($"COMMAND INFO {name}").Items[0].Items[1].Integer);
            string[] words = name.Split('|');
            requests.Add(string.Join(' ', words.Concat(Enumerable.Repeat("s", Math.Max(count - words.Length, 0)))));
        }
        return requests;
    }

    /// <summary>The primary is gone, and both know it.</summary>
    private void LosePrimary(string request)
    {
        foreach (RespConnection replica in (RespConnection[])[_left, _right])
        {
            Assert.False(replica.Call(request).IsError);
        }
        _source.Send("SHUTDOWN NOSAVE");
        foreach (RespConnection replica in (RespConnection[])[_left, _right])
        {
            Patience.Until(() => ReplicaPair.Field(replica, "master_link_status") == "down");
        }
    }
}
