using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Server;

/// <summary>The server group answers what Redis answers, to the byte, or in the same shape where the values are its own.</summary>
public sealed class ComparisonTests
{
    [Fact]
    public void Databases_are_counted_emptied_and_swapped() => Compare.SameReplies(
        """
        DBSIZE
        MSET a 1 b 2 c 3
        DBSIZE
        SELECT 1
        SET other 1
        SWAPDB 0 1
        DBSIZE
        SELECT 0
        GET other
        FLUSHDB
        DBSIZE
        SELECT 1
        DBSIZE
        FLUSHALL ASYNC
        DBSIZE
        SET k v
        FLUSHDB SYNC
        DBSIZE
        SET k v
        FLUSHALL sync
        EXISTS k
        FLUSHDB later
        FLUSHALL ASYNC SYNC
        SWAPDB x 1
        SWAPDB 0 x
        SWAPDB 0 16
        SWAPDB -1 0
        SWAPDB 99999999999 0
        SWAPDB 0
        SWAPDB 3 3
        DBSIZE 1
        """);

    [Fact]
    public void The_clock_and_the_role_have_the_same_shape() => Compare.SameReplies(
        """
        ~TIME
        TIME now
        ROLE
        ROLE x
        """);

    [Fact]
    public void Shutdown_refuses_what_makes_no_sense() => Compare.SameReplies(
        """
        SHUTDOWN NOW LATER
        SHUTDOWN SAVE NOSAVE
        SHUTDOWN ABORT NOW
        SHUTDOWN ABORT
        """);

    [Fact]
    public void The_slow_log_answers_alike() => Compare.SameReplies(
        """
        CONFIG SET slowlog-log-slower-than -1
        SLOWLOG RESET
        SLOWLOG LEN
        SLOWLOG GET
        SLOWLOG GET 10
        SLOWLOG GET -1
        SLOWLOG GET -2
        SLOWLOG GET x
        SLOWLOG GET 1 2
        SLOWLOG LEN x
        SLOWLOG nothing
        SLOWLOG
        CONFIG SET slowlog-log-slower-than 0
        PING
        CONFIG SET slowlog-log-slower-than -1
        ~SLOWLOG GET
        SLOWLOG LEN
        SLOWLOG RESET
        """);

    [Fact]
    public void Latency_answers_alike()
    {
        using Compare compare = new("--enable-debug-command", "yes");
        compare.Run("""
            CONFIG SET latency-monitor-threshold 0
            LATENCY RESET
            LATENCY LATEST
            LATENCY HISTORY command
            LATENCY GRAPH command
            LATENCY RESET a b
            MULTI
            CONFIG SET latency-monitor-threshold 20
            DEBUG SLEEP 0.03
            CONFIG SET latency-monitor-threshold 0
            EXEC
            ~LATENCY LATEST
            ~LATENCY HISTORY command
            LATENCY HISTORY fast-command
            ~LATENCY GRAPH command
            ~LATENCY DOCTOR
            LATENCY RESET
            LATENCY HISTOGRAM nothing
            CONFIG RESETSTAT
            LATENCY HISTORY
            LATENCY HISTORY a b
            LATENCY nothing
            LATENCY
            """.Split('\n'));
    }

    [Fact]
    public void Memory_answers_alike() => Compare.SameReplies(
        """
        ~MEMORY DOCTOR
        MEMORY PURGE
        ~MEMORY MALLOC-STATS
        SET k v
        ~MEMORY USAGE k
        ~MEMORY USAGE k SAMPLES 0
        MEMORY USAGE k SAMPLES -1
        MEMORY USAGE k SAMPLES x
        MEMORY USAGE k SAMPLES
        MEMORY USAGE k x
        MEMORY USAGE nothing
        MEMORY USAGE
        MEMORY nothing
        """);

    [Fact]
    public void Info_has_the_sections_that_are_asked_for() => Compare.SameReplies(
        """
        INFO cluster
        INFO CLUSTER
        INFO nothing
        INFO modules
        INFO keyspace
        INFO cluster keyspace cluster
        SET k v
        INFO keyspace
        SET v 1 PX 100000
        ~INFO
        ~INFO all
        ~INFO everything
        ~INFO default cluster
        """);

    [Fact]
    public void Debug_answers_alike()
    {
        using Compare compare = new("--enable-debug-command", "local");
        compare.Run("""
            DEBUG PROTOCOL string
            DEBUG PROTOCOL integer
            DEBUG PROTOCOL double
            DEBUG PROTOCOL bignum
            DEBUG PROTOCOL null
            DEBUG PROTOCOL array
            DEBUG PROTOCOL set
            DEBUG PROTOCOL map
            DEBUG PROTOCOL verbatim
            DEBUG PROTOCOL true
            DEBUG PROTOCOL false
            DEBUG PROTOCOL FALSE
            DEBUG PROTOCOL nothing
            DEBUG SLEEP 0
            DEBUG SLEEP x
            DEBUG ERROR "My own error"
            DEBUG ERROR "two\nlines"
            DEBUG SET-ACTIVE-EXPIRE 0
            DEBUG SET-ACTIVE-EXPIRE 1
            DEBUG CHANGE-REPL-ID
            DEBUG DIGEST
            DEBUG DIGEST-VALUE nothing
            MSET a 1 b two c 3.5
            SET d long EX 100
            SELECT 3
            SET e 1
            DEBUG DIGEST
            SELECT 0
            DEBUG DIGEST-VALUE a b d nothing
            DEBUG DIGEST-VALUE
            DEBUG OBJECT nothing
            ~DEBUG OBJECT a
            DEBUG SDSLEN nothing
            DEBUG SDSLEN a
            ~DEBUG SDSLEN b
            DEBUG POPULATE 3
            DEBUG POPULATE 2 mine
            DEBUG POPULATE 2 sized 20
            DEBUG POPULATE 2 short 4
            DEBUG POPULATE -1
            DEBUG POPULATE x
            MGET key:0 key:2 key:3 mine:1 sized:1 short:0
            DBSIZE
            DEBUG HTSTATS x
            DEBUG HTSTATS 99
            ~DEBUG HTSTATS 0
            DEBUG nothing
            DEBUG SLEEP
            DEBUG
            """.Split('\n'));
    }

    [Fact]
    public void Debug_is_refused_unless_it_is_allowed() => Compare.SameReplies("DEBUG SLEEP 0");

    [Fact]
    public void Config_answers_alike() => Compare.SameReplies(
        """
        CONFIG GET maxmemory
        CONFIG GET MaxMemory
        %CONFIG GET maxmemory-pol* hz
        CONFIG GET nothing*
        CONFIG GET maxmemory maxmemory maxmemor?
        CONFIG GET
        CONFIG SET maxmemory 100mb
        CONFIG GET maxmemory
        CONFIG SET maxmemory 0 maxmemory-policy allkeys-lru
        %CONFIG GET maxmemory maxmemory-policy
        CONFIG SET maxmemory 1 maxmemory 2
        CONFIG SET maxmemory x
        CONFIG SET maxmemory 10 maxmemory-policy nonsense
        CONFIG GET maxmemory
        CONFIG SET maxmemory
        CONFIG SET maxmemory 1 hz
        CONFIG SET nothing 1
        CONFIG SET daemonize yes
        CONFIG SET maxmemory-samples abc
        CONFIG SET lazyfree-lazy-user-flush maybe
        CONFIG SET maxmemory-policy noeviction
        CONFIG RESETSTAT
        CONFIG RESETSTAT x
        CONFIG REWRITE
        CONFIG nothing
        CONFIG
        """);
}
