using System.Text;
using System.Text.RegularExpressions;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Persistence;

namespace Bixbite.Wire.Streams;

/// <summary>What the append only log keeps of changes to streams, and what comes of it when it is loaded.</summary>
public sealed partial class LoggedRequestTests : IDisposable
{
    private static readonly string[] s_options = ["--appendonly", "yes", "--stream-node-max-entries", "3"];

    private readonly TempFolder _folder = new();

    [Fact]
    public void The_log_repeats_what_was_done()
    {
        const string script =
            """
            XADD s 1-* a b
            XADD s 2-1 a b
            XADD s 3-1 a b
            XADD s MAXLEN ~ 2 LIMIT 10 4-* a b
            XADD s MINID ~ 3 5-1 a b
            XADD s maxlen 9 6-1 a b
            XTRIM s MAXLEN ~ 1
            XTRIM s MAXLEN ~ 1
            XTRIM s MINID ~ 6
            XGROUP CREATE s g 0
            XREADGROUP GROUP g one COUNT 1 STREAMS s >
            XREADGROUP GROUP g one STREAMS s 0
            XREADGROUP GROUP g two NOACK STREAMS s >
            XACK s g 9-9
            XCLAIM s g one 0 5-1 FORCE TIME 1000 LASTID 7
            XCLAIM s g one 100000000 9-9
            XDEL s 5-1
            XAUTOCLAIM s g two 0 0
            XGROUP DELCONSUMER s g two
            """;
        const string expected =
            """
            XADD s 1-0 a b
            XADD s 2-1 a b
            XADD s 3-1 a b
            XADD s MAXLEN = 4 LIMIT 10 4-0 a b
            XADD s MINID = 1-0 5-1 a b
            XADD s maxlen 9 6-1 a b
            XTRIM s MAXLEN = 3
            XGROUP CREATE s g 0
            MULTI
            XGROUP CREATECONSUMER s g one
            XCLAIM s g one 0 4-0 TIME now RETRYCOUNT 1 FORCE JUSTID LASTID 4-0
            XGROUP SETID s g 4-0 ENTRIESREAD 4
            EXEC
            MULTI
            XGROUP CREATECONSUMER s g two
            XGROUP SETID s g 6-1 ENTRIESREAD 6
            EXEC
            XCLAIM s g one 0 5-1 TIME 1000 RETRYCOUNT 2 FORCE JUSTID LASTID 7-0
            XDEL s 5-1
            MULTI
            XCLAIM s g two 0 4-0 TIME now RETRYCOUNT 3 FORCE JUSTID LASTID 7-0
            XCLAIM s g one 0 5-1 TIME 1000 RETRYCOUNT 2 FORCE JUSTID LASTID 7-0
            EXEC
            XGROUP DELCONSUMER s g two
            """;
        using (StoppableServer server = StoppableServer.Ours(_folder, s_options))
        {
            foreach (string line in script.Split('\n'))
            {
                Assert.False(server.Client.Call(line).IsError, line);
            }
            Assert.Equal(0, server.End());
        }

        string log = string.Join('\n', Requests().Where(request => !request.StartsWith("SELECT", StringComparison.Ordinal)));
        Assert.Equal(expected, Now().Replace(log, "TIME now"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_comes_back_is_what_was_there(int seed)
    {
        string before;
        using (StoppableServer server = StoppableServer.Ours(_folder, s_options))
        {
            var requests = new RandomRequests(seed);
            for (int i = 0; i < 3000; i++)
            {
                foreach (string line in requests.NextNew().Split('\n'))
                {
                    server.Client.Call(line);
                }
            }
            before = State(server.Client);
            Assert.Equal(0, server.End());
        }

        using StoppableServer again = StoppableServer.Ours(_folder, s_options);
        Assert.Equal(before, State(again.Client));
    }

    public void Dispose() => _folder.Dispose();

    [GeneratedRegex("TIME [0-9]{10,}")]
    private static partial Regex Now();

    /// <summary>All that the streams hold, but for when and how often entries were delivered, which reading them again changes.</summary>
    private static string State(RespConnection client)
    {
        StringBuilder text = new();
        foreach (string key in (string[])["s", "t"])
        {
            text.AppendLine(client.Call($"XINFO STREAM {key}").ToString());
            text.AppendLine(client.Call($"XRANGE {key} - +").ToString());
            Reply groups = client.Call($"XINFO GROUPS {key}");
            text.AppendLine(groups.ToString());
            foreach (Reply group in groups.IsError ? [] : groups.Items)
            {
                string name = group.Items[1].Text;
                foreach (Reply entry in client.Call($"XPENDING {key} {name} - + 1000").Items)
                {
                    text.AppendLine($"{entry.Items[0].Text} {entry.Items[1].Text}");
                }
                foreach (Reply consumer in client.Call($"XINFO CONSUMERS {key} {name}").Items)
                {
                    text.AppendLine($"{consumer.Items[1].Text} {consumer.Items[3].Integer}");
                }
            }
        }

        return text.ToString();
    }

    /// <summary>The requests of the log, words with spaces between.</summary>
    private List<string> Requests()
    {
        string path = Directory.GetFiles(_folder.File("appendonlydir"), "*.incr.aof").Single();
        byte[] log = File.ReadAllBytes(path);
        List<string> requests = [];
        for (int at = 0; at < log.Length;)
        {
            Assert.True(Reply.TryRead(log.AsSpan(at), out Reply? request, out int size));
            requests.Add(string.Join(' ', request!.Items.Select(item => item.Text)));
            at += size;
        }

        return requests;
    }
}
