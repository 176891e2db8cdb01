using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.AccessControl;

/// <summary>
/// Rules mean to the server what they mean to Redis 7.0: thousands of random ones, and for every command that both have the keys, channels
/// and categories that are asked for. How rules about commands are shown is that of Redis 7.2 and later, which keeps their order.
/// </summary>
public sealed class AclComparisonTests
{
    private const int RuleSets = 400;
    private const int RequestsPerSet = 40;

    /// <summary>Always the same, since what differs between versions has been left out for it; BIXBITE_SEED asks for others.</summary>
    private static readonly int s_seed =
        int.Parse(Environment.GetEnvironmentVariable("BIXBITE_SEED") ?? "7", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Redis 7.2 made it one of the blocking ones.</summary>
    private const string BlockingSince72 = "wait";

    /// <summary>
    /// No number among them is spelled as <c>01</c> or <c>+1</c>: such a number of keys fails, and before that Redis asks for fewer keys.
    /// </summary>
    private static readonly string[] s_words =
    [
        "k1", "k2", "r1", "w1", "rw1", "3", "2", "1", "0", "-1", "9223372036854775807", "STORE", "BY", "GET", "KEYS",
        "COUNT", "STREAMS", "LIMIT", "WEIGHTS", "LEFT", "x", "", "STOREDIST", "MATCH", "a*", "ch1", "ch2", "set",
        "incrby", "overflow", "u8", "AUTH",
        "AUTH2", "AGGREGATE", "BLOCK", "GROUP", "ID", "NX", "EX", "get", "store",
    ];

    private static readonly string[] s_categories =
    [
        "read", "write", "fast", "slow", "dangerous", "admin", "string", "pubsub", "keyspace", "connection", "hash", "set", "transaction",
        "scripting", "stream", "list", "sortedset", "geo", "bitmap", "hyperloglog",
    ];

    private static readonly string[] s_rules =
    [
        "+@all", "-@all", "allkeys", "resetkeys", "~k*", "%R~r*", "%W~w*", "%RW~rw*", "%rw~x?", "&ch1", "&ch*", "allchannels",
        "resetchannels", "+select|0", "+select|1", "-select", "+config|get", "-config|set", "+client|kill", "on", "off", "ON", ">p1", ">p2",
        "<p1", "nopass", "resetpass", "reset", "skip-sanitize-payload", "clearselectors", "%~x", "%RR~x", "~", "&", "+", "-", "+@",
        "+nosuch", "+get|", "AllKeys", "+GET", "-@WRITE", "(~k* +@read)", "(%W~w* +@write &ch*)", "(", ")", "()",
        "(on)", "", "+get|a|b", "+config|get|a", "#abc", "!abc",
        "~a b", "nocommands", "allcommands", "+acl|whoami", "+debug|object", "~k[12]", "&\\*",
    ];

    [Fact]
    public void Categories_have_the_same_commands()
    {
        using AclPeers peers = new();
        Assert.Equal(AclPeers.Call(peers.Redis, "ACL", "CAT").ToString(), AclPeers.Call(peers.Ours, "ACL", "CAT").ToString());
        foreach (Reply category in AclPeers.Call(peers.Redis, "ACL", "CAT").Items)
        {
            Assert.Equal(Members(peers, peers.Redis, category.Text), Members(peers, peers.Ours, category.Text));
        }
    }

    [Fact]
    public void Random_rules_mean_the_same()
    {
        var random = new Random(s_seed);
        using AclPeers peers = new();
        string[] commands = [.. peers.Arities.Keys.Where(static name => name != BlockingSince72)];
        var differences = new StringBuilder();
        for (int i = 0; i < RuleSets; i++)
        {
            string[] rules = [.. Enumerable.Range(0, random.Next(1, 14)).Select(_ => RuleOf(random, commands))];
            Note(differences, peers.Both(["ACL", "SETUSER", "u", .. rules]), rules);
            CompareUser(peers, rules, differences);
            for (int j = 0; j < RequestsPerSet; j++)
            {
                string[] request = RequestOf(random, commands[random.Next(commands.Length)], peers.Arities);
                Note(differences, peers.Both(["ACL", "DRYRUN", "u", .. request]), [.. request, " after ", .. rules]);
            }
        }
        Assert.True(differences.Length == 0, $"seed {s_seed}\n{differences}");
    }

    [Fact]
    public void Every_command_asks_for_the_same_keys_and_channels()
    {
        var random = new Random(s_seed);
        using AclPeers peers = new();
        var differences = new StringBuilder();
        foreach (string rules in (ReadOnlySpan<string>)["+@all &ch1 %R~r* %W~w* %RW~rw*", "+@all ~k1 ~k2 ~x &ch*", "+@all"])
        {
            _ = peers.Both(["ACL", "SETUSER", "u", "reset", .. rules.Split(' ')]);
            foreach (string command in peers.Arities.Keys)
            {
                for (int i = 0; i < 20; i++)
                {
                    string[] request = RequestOf(random, command, peers.Arities);
                    Note(differences, peers.Both(["ACL", "DRYRUN", "u", .. request]), [.. request, " after ", rules]);
                }
            }
        }
        Assert.True(differences.Length == 0, $"seed {s_seed}\n{differences}");
    }

    [Fact]
    public void What_is_shown_is_understood_by_redis()
    {
        var random = new Random(s_seed);
        using AclPeers peers = new();
        string[] commands = [.. peers.Arities.Keys.Where(static name => name != BlockingSince72)];
        for (int i = 0; i < 100; i++)
        {
            string[] rules = [.. Enumerable.Range(0, random.Next(1, 10)).Select(_ => RuleOf(random, commands))];
            AclPeers.Call(peers.Ours, "ACL", "DELUSER", "u");
            if (AclPeers.Call(peers.Ours, ["ACL", "SETUSER", "u", .. rules]).IsError)
            {
                continue;
            }
            string line = AclPeers.Call(peers.Ours, "ACL", "LIST").Items.Select(static user => user.Text)
                .Single(static user => user.StartsWith("user u ", StringComparison.Ordinal));
            AclPeers.Call(peers.Redis, "ACL", "DELUSER", "u");
            Assert.Equal("+OK", AclPeers.Call(peers.Redis, ["ACL", "SETUSER", .. line.Split(' ')[1..]]).ToString());
            var differences = new StringBuilder();
            for (int j = 0; j < RequestsPerSet; j++)
            {
                string[] request = RequestOf(random, commands[random.Next(commands.Length)], peers.Arities);
                Note(differences, peers.Both(["ACL", "DRYRUN", "u", .. request]), [.. request, " after ", line]);
            }
            Assert.True(differences.Length == 0, differences.ToString());
        }
    }

    [Fact]
    public void Errors_are_the_same() => Compare.SameReplies(
        """
        ACL
        ACL NOSUCH
        ACL WHOAMI
        ACL WHOAMI x
        ACL USERS
        ACL SETUSER "a b"
        ACL SETUSER "a\x00b"
        ACL SETUSER
        ACL DELUSER default
        ACL DELUSER nobody default
        ACL DELUSER nobody
        ACL GETUSER nobody
        ACL GETUSER
        ACL CAT nosuch
        ACL CAT read x
        ~ACL GENPASS
        ~ACL GENPASS 5
        ACL GENPASS 0
        ACL GENPASS 4097
        ACL GENPASS x
        ACL GENPASS 1 2
        ACL LOG RESET
        ACL LOG
        ACL LOG x
        ACL LOG 1 2
        ACL LOG -1
        ACL LOAD
        ACL SAVE
        ACL LOAD x
        ACL DRYRUN nobody GET k
        ACL DRYRUN default NOSUCH
        ACL DRYRUN default GET
        ACL DRYRUN default GET k
        ACL DRYRUN default CONFIG GET x
        ACL DRYRUN default CONFIG NOSUCH
        ACL DRYRUN default CONFIG|GET x
        ACL DRYRUN default
        ACL HELP x
        CLIENT KILL USER nobody
        AUTH x
        AUTH nobody x
        AUTH a b c
        HELLO 2 AUTH nobody x
        """);

    private static string[] Members(AclPeers peers, RespConnection connection, string category) =>
    [
        .. AclPeers.Call(connection, "ACL", "CAT", category).Items.Select(static item => item.Text)
            .Where(name => peers.Arities.ContainsKey(name) && !(category == "blocking" && name == BlockingSince72))
            .Order(StringComparer.Ordinal),
    ];

    private static string RuleOf(Random random, string[] commands) => random.Next(4) switch
    {
        0 => (random.Next(2) == 0 ? "+" : "-") + commands[random.Next(commands.Length)],
        1 => (random.Next(2) == 0 ? "+@" : "-@") + s_categories[random.Next(s_categories.Length)],
        _ => s_rules[random.Next(s_rules.Length)],
    };

    private static string[] RequestOf(Random random, string command, Dictionary<string, int> arities)
    {
        string[] name = command.Split('|');
        int arity = arities[command];
        int count = Math.Abs(arity) - name.Length + (arity < 0 ? random.Next(7) : 0);
        return [.. name, .. Enumerable.Range(0, count).Select(_ => s_words[random.Next(s_words.Length)])];
    }

    /// <summary>
    /// All of GETUSER and of LIST but the rules about commands; Redis 7.0 shows whether payloads are checked only where it was said.
    /// </summary>
    private static void CompareUser(AclPeers peers, string[] rules, StringBuilder differences)
    {
        Reply left = AclPeers.Call(peers.Redis, "ACL", "GETUSER", "u");
        Reply right = AclPeers.Call(peers.Ours, "ACL", "GETUSER", "u");
        foreach (string field in (ReadOnlySpan<string>)["flags", "passwords", "keys", "channels"])
        {
            Note(differences, (FieldOf(left, field), FieldOf(right, field)), rules);
        }
        Note(differences, (SelectorsOf(left), SelectorsOf(right)), rules);
        Note(differences, (LineOf(peers.Redis), LineOf(peers.Ours)), rules);
    }

    /// <summary>Keys and channels of each selector.</summary>
    private static string SelectorsOf(Reply user)
    {
        int place = user.Items.ToList().FindIndex(static item => item.Text == "selectors");
        return place < 0 ? "" : string.Join(
            ' ', user.Items[place + 1].Items.Select(static selector => $"({FieldOf(selector, "keys")} {FieldOf(selector, "channels")})"));
    }

    /// <summary>The line of ACL LIST without commands and categories.</summary>
    private static string LineOf(RespConnection connection)
    {
        string line = AclPeers.Call(connection, "ACL", "LIST").Items.Select(static user => user.Text)
            .Single(static user => user.StartsWith("user u ", StringComparison.Ordinal));
        IEnumerable<string> words = line.Split(' ').Select(static word => word.TrimStart('(') is ['+' or '-', ..]
            ? string.Concat(word.Where(static sign => sign is '(' or ')'))
            : word);
        return string.Join(' ', words.Where(static word => word is not ("" or "sanitize-payload")));
    }

    private static string FieldOf(Reply user, string field)
    {
        for (int i = 0; i + 1 < user.Items.Count; i += 2)
        {
            if (user.Items[i].Text == field)
            {
                Reply value = user.Items[i + 1];
                IEnumerable<string> shown = value.Items.Select(static item => item.Text).Where(static flag => flag != "sanitize-payload");
                return field == "flags" ? string.Join(' ', shown) : value.ToString();
            }
        }
        return "";
    }

    private static void Note(StringBuilder differences, (string Redis, string Ours) replies, string[] what)
    {
        if (replies.Redis != replies.Ours && differences.Length < 4000)
        {
            differences.AppendLine($"{string.Join(' ', what)}\n  redis: {replies.Redis}\n  ours:  {replies.Ours}");
        }
    }
}
