using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Commands;

/// <summary>COMMAND tells of every command that Redis has too what Redis tells.</summary>
public sealed class CommandInfoTests
{
    /// <summary>Where a newer Redis than the one to compare with tells something else, and we tell that.</summary>
    private static readonly Dictionary<string, string[]> s_changedSince70 = new()
    {
        ["blmove"] = ["flags"],
        ["blpop"] = ["flags"],
        ["brpop"] = ["flags"],
        ["brpoplpush"] = ["flags"],
        ["bzpopmax"] = ["flags"],
        ["bzpopmin"] = ["flags"],
        ["client|setname"] = ["tips"],
        ["command|getkeys"] = ["arity"],
        ["command|getkeysandflags"] = ["arity"],
        ["config|resetstat"] = ["tips"],
        ["config|rewrite"] = ["tips"],
        ["latency|reset"] = ["tips"],
        ["msetnx"] = ["tips"],
        ["randomkey"] = ["tips"],
        ["scan"] = ["tips"],
        ["sinterstore"] = ["key specs"],
        ["wait"] = ["flags", "categories"],
        ["zrank"] = ["arity"],
        ["zrevrank"] = ["arity"],
    };

    /// <summary>The same for COMMAND DOCS: deprecated meanwhile, or said to be of another release.</summary>
    private static readonly string[] s_documentedOtherwiseSince70 =
        ["client|pause since", "psetex doc_flags", "quit doc_flags", "setex doc_flags", "setnx doc_flags"];

    /// <summary>Words that have another name since, or stand in another place.</summary>
    private static readonly string[] s_namedOtherwiseSince70 =
        ["bitcount: index_unit 7.0.0", "bitpos: index_unit 7.0.0", "client|kill: ip:port until 2.8.12"];

    private static readonly string[] s_parts =
        ["name", "arity", "flags", "first key", "last key", "step", "categories", "tips", "key specs"];

    [Fact]
    public void Every_shared_command_is_described_alike()
    {
        using RedisPeer redis = RedisPeer.Start();
        using TestServer server = TestServer.Start();
        using RespConnection left = redis.Connect();
        using RespConnection right = server.Connect();
        List<string> differences = [];
        foreach (Reply name in right.Call("COMMAND LIST").Items)
        {
            Reply expected = left.Call($"COMMAND INFO {name.Text}").Items[0];
            if (!expected.IsNull)
            {
                CompareParts(name.Text, expected, right.Call($"COMMAND INFO {name.Text}").Items[0], differences);
            }
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    [Fact]
    public void Every_shared_command_is_documented_alike()
    {
        using RedisPeer redis = RedisPeer.Start();
        using TestServer server = TestServer.Start();
        using RespConnection left = redis.Connect();
        using RespConnection right = server.Connect();
        List<string> differences = [];
        foreach (string name in right.Call("COMMAND LIST").Items.Select(item => item.Text))
        {
            Reply[] pair = [.. ((RespConnection[])[left, right]).Select(peer => peer.Call($"COMMAND DOCS {name}"))];
            if (pair[0].Items.Count == 0)
            {
                continue;
            }
            (Reply expected, Reply actual) = (pair[0].Items[1], pair[1].Items[1]);
            CompareHistories(name, expected, actual, differences);
            CompareReleases(name, expected, actual, differences);
            foreach (string field in (string[])["since", "group", "doc_flags"])
            {
                string told = Field(expected, field)?.ToString() ?? "";
                bool isKnown = s_documentedOtherwiseSince70.Contains($"{name} {field}");
                if (told != (Field(actual, field)?.ToString() ?? "") != isKnown)
                {
                    differences.Add($"{name}: {field} {told}, ours {Field(actual, field)}");
                }
            }
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Kinds_of_replies_are_alike(int version)
    {
        using RedisPeer redis = RedisPeer.Start();
        using TestServer server = TestServer.Start();
        using RespConnection left = redis.Connect();
        using RespConnection right = server.Connect();
        left.Call($"HELLO {version}");
        right.Call($"HELLO {version}");
        string[] commands =
        [
            "get", "mset", "bitop", "client|list", "object|encoding", "ping", "touch", "set", "sort", "sort_ro", "pfcount", "xadd",
        ];
        foreach (string command in commands)
        {
            Assert.Equal(left.CallRaw($"COMMAND INFO {command}"), right.CallRaw($"COMMAND INFO {command}"));
        }
    }

    [Fact]
    public void Lists_and_keys_are_alike() => Compare.SameReplies(
        """
        COMMAND INFO nosuch client|nosuch nosuch|list
        COMMAND DOCS nosuch
        COMMAND LIST FILTERBY ACLCAT nosuch
        COMMAND LIST FILTERBY ACLCAT
        COMMAND LIST FILTERBY nosuch x
        COMMAND LIST FILTERBY MODULE nosuch
        COMMAND LIST nosuch
        %COMMAND LIST FILTERBY PATTERN GET*
        %COMMAND LIST FILTERBY PATTERN client|i*
        %COMMAND LIST FILTERBY ACLCAT bitmap
        %COMMAND LIST FILTERBY ACLCAT HyperLogLog
        COMMAND nosuch
        COMMAND COUNT x
        COMMAND GETKEYS
        COMMAND GETKEYS nosuch a b
        COMMAND GETKEYS ping a b
        COMMAND GETKEYS client id x
        COMMAND GETKEYS get a b c
        COMMAND GETKEYS set a b
        COMMAND GETKEYS mset a 1 b 2
        COMMAND GETKEYS mset a 1 b
        COMMAND GETKEYS bitop and d a b
        COMMAND GETKEYS lcs a b LEN
        COMMAND GETKEYS object encoding a
        COMMAND GETKEYS memory usage a
        COMMAND GETKEYS rename a b
        COMMAND GETKEYS pfcount a b c
        COMMAND GETKEYS sort a store b store c
        COMMAND GETKEYS sort a by b_* get c_*
        COMMAND GETKEYS sort_ro a
        COMMAND GETKEYSANDFLAGS set a b
        COMMAND GETKEYSANDFLAGS set a b get
        COMMAND GETKEYSANDFLAGS get a b
        COMMAND GETKEYSANDFLAGS del a b
        COMMAND GETKEYSANDFLAGS copy a b
        COMMAND GETKEYSANDFLAGS bitfield a get u8 0
        COMMAND GETKEYSANDFLAGS bitfield a set u8 0 1
        COMMAND GETKEYSANDFLAGS pfmerge d a b
        """);

    [Fact]
    public void Docs_describe_every_command()
    {
        using TestServer server = TestServer.Start();
        using RespConnection connection = server.Connect();
        connection.Call("HELLO 3");
        Reply docs = connection.Call("COMMAND DOCS");
        Assert.Equal(connection.Call("COMMAND COUNT").Integer, docs.Items.Count / 2);
        foreach (Reply[] entry in docs.Items.Chunk(2))
        {
            string[] names = [.. entry[1].Items.Chunk(2).Select(pair => pair[0].Text)];
            Assert.Contains("summary", names);
            Assert.Contains("since", names);
            Assert.Contains("group", names);
        }
    }

    private static void CompareParts(string name, Reply expected, Reply actual, List<string> differences)
    {
        for (int i = 0; i < s_parts.Length; i++)
        {
            bool isKnown = s_changedSince70.TryGetValue(name, out string[]? changed) && changed.Contains(s_parts[i]);
            bool isSame = expected.Items[i].HasItemsOf(actual.Items[i]);
            string remark = isKnown ? " (no longer differs)" : "";
            if (isSame == isKnown)
            {
                differences.Add($"{name}, {s_parts[i]}: redis {expected.Items[i]}, ours {actual.Items[i]}{remark}");
            }
        }
    }

    /// <summary>Every change that Redis tells of, by its release: newer ones may follow or stand between.</summary>
    private static void CompareHistories(string name, Reply expected, Reply actual, List<string> differences)
    {
        string[] changes = [.. Field(actual, "history")?.Items.Select(change => change.ToString()) ?? []];
        foreach (Reply change in Field(expected, "history")?.Items ?? [])
        {
            if (!changes.Contains(change.ToString()))
            {
                differences.Add($"{name}: history lacks {change}");
            }
        }
    }

    /// <summary>Which words are younger than their command, and which are given up.</summary>
    private static void CompareReleases(string name, Reply expected, Reply actual, List<string> differences)
    {
        string[] releases = [.. Releases(actual)];
        foreach (string release in Releases(expected))
        {
            if (!releases.Contains(release) && !s_namedOtherwiseSince70.Contains($"{name}: {release}"))
            {
                differences.Add($"{name}: {release} is missing among {string.Join(", ", releases)}");
            }
        }
    }

    private static IEnumerable<string> Releases(Reply docs)
    {
        foreach (Reply argument in Field(docs, "arguments")?.Items ?? [])
        {
            string word = Field(argument, "token")?.Text ?? Field(argument, "name")!.Text;
            if (Field(argument, "since") is { } since)
            {
                yield return $"{word} {since.Text}";
            }
            if (Field(argument, "deprecated_since") is { } until)
            {
                yield return $"{word} until {until.Text}";
            }
            foreach (string release in Releases(argument))
            {
                yield return release;
            }
        }
    }

    private static Reply? Field(Reply map, string name)
    {
        for (int i = 0; i + 1 < map.Items.Count; i += 2)
        {
            if (map.Items[i].Text == name)
            {
                return map.Items[i + 1];
            }
        }

        return null;
    }
}
