using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Scripting;

/// <summary>
/// Scripts and functions that are refused for what they say of themselves, or for what they call, answer and count as in Redis 7.0.15: as
/// rejected or as failed.
/// </summary>
public sealed partial class RefusedScriptTests
{
    private static readonly string[] s_options = ["--enable-protected-configs", "yes", "--stop-writes-on-bgsave-error", "yes"];

    private static readonly string[] s_calls =
    [
        "FCALL w 1 k", "FCALL_RO w 1 k", "FCALL r 1 k", "FCALL_RO r 1 k", "FCALL o 1 k", "FCALL_RO o 1 k", "FCALL nosuch 0", "FCALL w 5 k",
        "FCALL w x", "EVAL \"#!lua\\nreturn 1\" 0", "EVAL_RO \"#!lua\\nreturn 1\" 0", "EVAL \"#!lua flags=no-writes\\nreturn 1\" 0",
        "EVAL_RO \"#!lua flags=no-writes\\nreturn 1\" 0", "EVAL \"#!lua flags=allow-oom\\nreturn redis.call('set','k','v')\" 0",
        "EVAL \"return redis.call('set','k','v')\" 0", "EVAL_RO \"return redis.call('set','k','v')\" 0",
        "EVAL \"return redis.pcall('set','k','v')\" 0", "EVAL \"#!lua flags=nosuch\\nreturn 1\" 0", "EVALSHA x 0",
        "MULTI", "FCALL w 1 k", "FCALL r 1 k", "EXEC", "MULTI", "EVAL \"#!lua\\nreturn 1\" 0", "EXEC",
    ];

    private static readonly string[] s_counted = ["cmdstat_eval", "cmdstat_fcall", "cmdstat_set:", "cmdstat_multi", "cmdstat_exec"];

    [Fact]
    public void WhereMemoryIsOverItsLimit() => Same(["CONFIG SET maxmemory 1"]);

    [Fact]
    public void WhereTheDiskRefuses() => Same(["CONFIG SET save \"3600 1\"", "CONFIG SET dir /proc", "BGSAVE"]);

    [Fact]
    public void WhereNothingRefuses() => Same([]);

    private static void Same(string[] trouble)
    {
        string[] redis = Tell(Programs.RedisServer, trouble);
        string[] ours = Tell(Programs.Server, trouble);
        Assert.Equal(redis, ours);
    }

    private static string[] Tell(string? program, string[] trouble)
    {
        Assert.SkipWhen(program is null, "needs redis-server on the PATH to compare with (on Debian: apt-get install redis-server)");
        using ServerProcess server = ServerProcess.Start(program!, s_options);
        using RespConnection client = server.Connect();
        client.Call(
            "FUNCTION LOAD \"#!lua name=l\\nredis.register_function('w', function() return redis.call('set', 'k', 'v') end) "
            + "redis.register_function{function_name='r', callback=function() return 1 end, flags={'no-writes'}} "
            + "redis.register_function{"
            + "function_name='o', callback=function() return redis.call('set', 'k', 'v') end, flags={'allow-oom'}}\"");
        foreach (string line in trouble)
        {
            client.Call(line);
        }
        if (trouble.Contains("BGSAVE"))
        {
            Patience.Until(() => client.Call("INFO persistence").Text.Contains("rdb_last_bgsave_status:err", StringComparison.Ordinal));
        }
        List<string> told = [.. s_calls.Select(line => line + ": " + Encoding.Latin1.GetString(client.CallRaw(line)))];
        told.AddRange(Facts(client, "commandstats").Where(static line => s_counted.Any(line.StartsWith)));
        told.AddRange(Facts(client, "errorstats"));
        return [.. told];
    }

    private static IEnumerable<string> Facts(RespConnection client, string section) =>
        client.Call(string.Create(CultureInfo.InvariantCulture, $"INFO {section}")).Text.Split("\r\n")
            .Where(static line => line.Contains(':', StringComparison.Ordinal))
            .Select(static line => TimesPattern.Replace(line, ""))
            .Order(StringComparer.Ordinal);

    [GeneratedRegex("usec=\\d+,usec_per_call=[\\d.]+,")]
    private static partial Regex TimesPattern { get; }
}
