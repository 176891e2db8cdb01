using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Sets;

/// <summary>A walk with SSCAN returns every member that is there all the time exactly once, whatever happens meanwhile.</summary>
public sealed class SetScanTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(1000)]
    public void Every_lasting_member_exactly_once(int count)
    {
        const int LastingCount = 500;
        using TestServer server = TestServer.Start();
        using RespConnection connection = server.Connect();
        connection.Call($"SADD s {string.Join(' ', Enumerable.Range(0, LastingCount).Select(i => $"lasting:{i}"))}");

        Random random = new(count);
        Dictionary<string, int> seen = [];
        string cursor = "0";
        int added = 0;
        do
        {
            Reply page = connection.Call($"SSCAN s {cursor} COUNT {count}");
            cursor = page.Items[0].Text;
            foreach (Reply member in page.Items[1].Items)
            {
                seen[member.Text] = seen.GetValueOrDefault(member.Text) + 1;
            }
            for (int i = 0; i < 5 && added < 5000; i++)
            {
                connection.Call($"SADD s passing:{added++}");
            }
            connection.Call($"SREM s passing:{random.Next(added + 1)} passing:{random.Next(added + 1)}");
        }
        while (cursor != "0");

        Assert.All(Enumerable.Range(0, LastingCount), i => Assert.Equal(1, seen.GetValueOrDefault($"lasting:{i}")));
    }

    [Fact]
    public void Packed_sets_come_in_one_go() => Expect.Replies(
        """
        SADD i 3 1 2 11 => :4
        SSCAN i 0 => *["0", *["1", "2", "3", "11"]]
        SSCAN i 0 COUNT 1 MATCH 1* => *["0", *["1", "11"]]
        SSCAN i 0 MATCH x => *["0", *[]]
        SADD s a => :1
        SSCAN s 0 COUNT 100 => *["0", *["a"]]
        SSCAN s 7 => *["0", *["a"]]
        SSCAN s 0 NOVALUES => -ERR NOVALUES option can only be used in HSCAN
        """);
}
