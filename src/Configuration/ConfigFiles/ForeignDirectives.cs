using System.Collections.Frozen;

namespace Bixbite.Configuration.ConfigFiles;

/// <summary>
/// Directives of later releases of Redis and Valkey that only tune a part which this server does not have. A file may say them; they
/// change nothing and are not settings. Where some value would switch the part on, only the value that leaves it off is accepted.
/// </summary>
internal static class ForeignDirectives
{
    /// <summary>They have no effect whatever their value is.</summary>
    private static readonly FrozenSet<string> s_tuning = FrozenSet.Create(
        StringComparer.Ordinal,
        "active-defrag-cycle-us", "array-slice-size", "array-sparse-kmax", "array-sparse-kmin", "backup-sealed-ttl", "backupdirname",
        "bgsave-default-method", "cluster-announce-client-port", "cluster-announce-client-tls-port", "cluster-bus-port-protected-mode",
        "cluster-compatibility-sample-ratio", "cluster-config-save-behavior", "cluster-databases", "cluster-manual-failover-timeout",
        "cluster-message-gossip-perc", "cluster-slot-migration-handoff-max-lag-bytes", "cluster-slot-migration-log-max-len",
        "cluster-slot-migration-max-archived-tasks", "cluster-slot-migration-sync-buffer-drain-timeout",
        "cluster-slot-migration-write-pause-timeout", "debug-context", "enable-debug-assert",
        "forkless-infrastructure-enabled", "hash-max-template-entries", "hash-min-template-entries", "hash-rdb-load-max-template-entries",
        "hash-rdb-load-min-template-entries", "hash-rdb-load-template-disassembly-threshold", "hash-seed", "hotkey-top-k",
        "io-threads-always-active", "lazyexpire-nested-arbitrary-keys", "lookahead", "min-io-threads-avoid-copy-reply",
        "min-string-size-avoid-copy-reply", "min-string-size-avoid-copy-reply-threaded", "rdma-completion-vector", "rdma-rx-size",
        "repl-compression", "repl-compression-max-latency", "repl-mptcp", "repl-rdb-channel", "replica-full-sync-buffer-limit",
        "slot-migration-max-failover-repl-bytes", "stream-idmp-duration", "stream-idmp-maxsize", "tls-expected-peer-name",
        "vset-force-single-threaded-execution");

    /// <summary>Prefixes of the settings of modules that are no part of this server.</summary>
    private static readonly string[] s_modules = ["bf-", "cf-", "search-", "ts-"];

    /// <summary>The only value that promises nothing.</summary>
    private static readonly FrozenDictionary<string, string> s_switches = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["gopher-enabled"] = "no",
        ["import-mode"] = "no",
        ["key-memory-histograms"] = "no",
        ["log-format"] = "legacy",
        ["log-timestamp-format"] = "legacy",
        ["mptcp"] = "no",
        ["preload-file"] = "",
        ["rdb-version-check"] = "strict",
        ["rdma-bind"] = "",
        ["rdma-port"] = "0",
        ["req-res-logfile"] = "",
        ["slowlog-entry-max-argc"] = "32",
        ["slowlog-entry-max-string-len"] = "128",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Names are lower case.</summary>
    public static bool IsKnown(string name) => s_tuning.Contains(name) || s_switches.ContainsKey(name) || IsOfModule(name);

    /// <summary>Null, or why these values are not accepted for a known name.</summary>
    public static string? Refusal(string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return Setting.WrongCount;
        }
        bool isSwitch = s_switches.TryGetValue(name, out string? off);
        if (!isSwitch || (values is [var value] && value.Equals(off, StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }
        return $"'{name} {string.Join(' ', values)}' is not part of this version of Bixbite";
    }

    public static string Warning(string name) => $"The directive '{name}' tunes a part that this server does not have; it has no effect";

    private static bool IsOfModule(string name)
    {
        foreach (string prefix in s_modules)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }
        return false;
    }
}
