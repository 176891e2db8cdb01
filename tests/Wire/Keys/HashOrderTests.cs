using System.Globalization;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Keys;

/// <summary>What is walked out of one large index into another, by the server or by a client, arrives in the order of the first.</summary>
public sealed class HashOrderTests
{
    private const int Count = 300_000;
    private const int BatchSize = 5_000;

    [Fact]
    public void Collections_are_made_from_one_another()
    {
        using TestServer server = TestServer.Start("--save", "");
        using RespConnection client = server.Connect();
        for (int i = 0; i < Count; i += BatchSize)
        {
            client.Call($"SADD s {string.Join(' ', Enumerable.Range(i, BatchSize))}");
        }
        Is(Count, "SUNIONSTORE union s");
        Is(Count, "SDIFFSTORE difference s missing");
        Is(Count, "ZUNIONSTORE z 1 s");
        Is(1, "COPY s copy");
        Is(1, "COPY z zcopy");
        Is(Count, "ZRANGESTORE zrange z 0 -1");

        string[] members = [.. client.Call("SMEMBERS s").Items.Select(item => item.Text)];
        InBatches(members, batch => client.Call($"SADD again {string.Join(' ', batch)}"));
        InBatches(members[1..], batch => client.Call($"SREM s {string.Join(' ', batch)}"));
        InBatches(members[1..], batch => client.Call($"SADD s {string.Join(' ', batch)}"));
        InBatches(members, batch => client.Call($"HSET h {string.Join(' ', batch.Select(member => member + " v"))}"));
        Is(1, "COPY h hcopy");
        foreach (string key in (string[])["s", "union", "difference", "copy", "again"])
        {
            Is(Count, $"SCARD {key}");
        }
        foreach (string key in (string[])["z", "zcopy", "zrange"])
        {
            Is(Count, $"ZCARD {key}");
        }
        Is(Count, "HLEN h");
        Is(Count, "HLEN hcopy");

        void Is(long expected, string command) =>
            Assert.Equal(expected.ToString(CultureInfo.InvariantCulture), client.Call(command).Text);
    }

    [Fact]
    public void Databases_are_filled_from_one_another()
    {
        using TestServer server = TestServer.Start("--enable-debug-command", "yes", "--save", "");
        using RespConnection client = server.Connect();
        client.Call($"DEBUG POPULATE {Count} key 3");
        Walk(client, key => $"COPY {key} {key} DB 1\r\n");
        Walk(client, key => $"MOVE {key} 2\r\n");
        client.Call("DEBUG RELOAD");
        foreach (int database in (int[])[1, 2])
        {
            client.Call($"SELECT {database}");
            Assert.Equal(Count.ToString(CultureInfo.InvariantCulture), client.Call("DBSIZE").Text);
        }
    }

    private static void InBatches(string[] members, Action<string[]> send)
    {
        foreach (string[] batch in members.Chunk(BatchSize))
        {
            send(batch);
        }
    }

    private static void Walk(RespConnection client, Func<string, string> command)
    {
        string cursor = "0";
        do
        {
            Reply page = client.Call($"SCAN {cursor} COUNT {BatchSize}");
            cursor = page.Items[0].Text;
            Reply[] keys = [.. page.Items[1].Items];
            client.Send(System.Text.Encoding.ASCII.GetBytes(string.Concat(keys.Select(key => command(key.Text)))));
            foreach (Reply _ in keys)
            {
                Assert.Equal("1", client.Read().Text);
            }
        }
        while (cursor != "0");
    }
}
