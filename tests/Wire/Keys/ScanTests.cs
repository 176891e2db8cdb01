using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Keys;

/// <summary>A walk with SCAN returns every key that is there all the time exactly once, whatever happens meanwhile.</summary>
public sealed class ScanTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(1000)]
    public void Every_lasting_key_exactly_once(int count)
    {
        const int LastingCount = 500;
        using TestServer server = TestServer.Start();
        using RespConnection connection = server.Connect();
        for (int i = 0; i < LastingCount; i++)
        {
            connection.Call($"SET lasting:{i} {i}");
        }

        Random random = new(count);
        Dictionary<string, int> seen = [];
        string cursor = "0";
        int added = 0;
        do
        {
            Reply page = connection.Call($"SCAN {cursor} COUNT {count}");
            cursor = page.Items[0].Text;
            foreach (Reply key in page.Items[1].Items)
            {
                seen[key.Text] = seen.GetValueOrDefault(key.Text) + 1;
            }
            for (int i = 0; i < 5 && added < 5000; i++)
            {
                connection.Call($"SET passing:{added++} x");
            }
            connection.Call($"DEL passing:{random.Next(added + 1)} passing:{random.Next(added + 1)}");
        }
        while (cursor != "0");

        Assert.All(Enumerable.Range(0, LastingCount), i => Assert.Equal(1, seen.GetValueOrDefault($"lasting:{i}")));
    }

    [Fact]
    public void Filters_and_due_keys() => Expect.Replies(
        """
        MSET a 1 b 2 aa 3 => +OK
        SCAN 0 COUNT 100 MATCH b => *["0", *["b"]]
        SCAN 0 TYPE hash => *["0", *[]]
        SCAN 0 TYPE nosuch => -ERR unknown type name 'nosuch'
        DEBUG SET-ACTIVE-EXPIRE 0 => +OK
        PEXPIRE b 1 => :1
        DEBUG SLEEP 0.01 => +OK
        DBSIZE => :3
        SCAN 0 COUNT 100 MATCH b => *["0", *[]]
        DBSIZE => :2
        SCAN abc => -ERR invalid cursor
        SCAN -1 => *["0", *[]]
        SCAN 1x => -ERR invalid cursor
        SCAN 18446744073709551616 => -ERR invalid cursor
        """);
}
