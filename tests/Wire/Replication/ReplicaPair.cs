using System.Text.RegularExpressions;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replication;

/// <summary>A primary and who follows it: whether they have the same, and how far they are.</summary>
internal static partial class ReplicaPair
{
    /// <summary>The value of a line of INFO.</summary>
    public static string Field(RespConnection server, string name) => InfoText.Find(server.Call("INFO everything").Text, name) ?? "";

    public static long Number(RespConnection server, string name) => InfoText.Number(server, name);

    /// <summary>Waits until so many replicas get the stream.</summary>
    public static void AwaitOnline(RespConnection primary, int count) => Patience.Until(
        () => primary.Call("INFO replication").Text.Split("state=online").Length == count + 1,
        () => $"there are not {count} replicas online:\n{primary.Call("INFO replication").Text}");

    /// <summary>Waits until the replica is where the primary is.</summary>
    public static void AwaitSame(RespConnection primary, RespConnection replica) => Patience.Until(
        () => Field(replica, "master_link_status") == "up" && Field(replica, "slave_repl_offset") == Field(primary, "master_repl_offset"),
        () => $"the replica does not come to the primary's end:\n{primary.Call("INFO replication").Text}\n"
            + replica.Call("INFO replication").Text);

    /// <summary>
    /// The replica comes to the primary's end, and has the same content; also how much consumer groups have read, if asked for.
    /// </summary>
    public static void AssertSame(RespConnection primary, RespConnection replica, string clue, bool comparesCounts = true)
    {
        AwaitSame(primary, replica);
        // Keys may expire between any two questions.
        bool isSame = Patience.Comes(() =>
            primary.Call("DEBUG DIGEST").Text == replica.Call("DEBUG DIGEST").Text
            && Groups(primary, comparesCounts) == Groups(replica, comparesCounts));
        if (!isSame)
        {
            Assert.Fail(
                $"{clue}: the content is another\n{Differences(primary, replica)}\n{Groups(primary, comparesCounts)}\n"
                + Groups(replica, comparesCounts));
        }
    }

    private static string Differences(RespConnection primary, RespConnection replica)
    {
        List<string> differences = [];
        for (int database = 0; database < 3; database++)
        {
            primary.Call($"SELECT {database}");
            replica.Call($"SELECT {database}");
            HashSet<string> keys = [.. Keys(primary), .. Keys(replica)];
            differences.AddRange(
                from key in keys
                let ours = Describe(primary, key)
                let theirs = Describe(replica, key)
                where ours != theirs
                select $"{database} {key}: {ours}, replica {theirs}");
        }
        primary.Call("SELECT 0");
        replica.Call("SELECT 0");
        return string.Join('\n', differences);
    }

    private static IEnumerable<string> Keys(RespConnection server) => server.Call("KEYS *").Items.Select(static key => key.Text);

    private static string Describe(RespConnection server, string key) =>
        $"{server.Call($"TYPE {key}").Text} {server.Call($"DEBUG DIGEST-VALUE {key}")} {server.Call($"PEXPIRETIME {key}").Text}";

    /// <summary>Redis 7.0 estimates it in another way, from the same state.</summary>
    [GeneratedRegex("\"lag\", (:\\d+|\\(nil\\))")]
    private static partial Regex Lag();

    [GeneratedRegex("\"entries-read\", (:\\d+|\\(nil\\))")]
    private static partial Regex ReadCount();

    /// <summary>What consumer groups remember, which digests do not have.</summary>
    private static string Groups(RespConnection server, bool hasCounts)
    {
        List<string> lines = [];
        for (int database = 0; database < 3; database++)
        {
            server.Call($"SELECT {database}");
            foreach (string key in Keys(server).Where(key => server.Call($"TYPE {key}").Text == "stream").Order(StringComparer.Ordinal))
            {
                IReadOnlyList<Reply> facts = server.Call($"XINFO STREAM {key}").Items;
                string state = string.Join(' ', facts.Where(static (_, i) => i is not (2 or 3 or 4 or 5)));
                string groups = Lag().Replace(server.Call($"XINFO GROUPS {key}").ToString(), "");
                lines.Add($"{database} {key} {state} {(hasCounts ? groups : ReadCount().Replace(groups, ""))}");
            }
        }
        server.Call("SELECT 0");
        return string.Join('\n', lines);
    }
}
