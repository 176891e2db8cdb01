namespace Bixbite.Lua.Text;

public sealed class ByteBufferTests
{
    [Fact]
    public void Bytes_AreKeptWhileItGrows()
    {
        ByteBuffer buffer = new();
        List<byte> expected = [];
        for (int round = 0; round < 1000; round++)
        {
            buffer.Add((byte)round);
            buffer.Add([1, 2, 3]);
            buffer.Add(9, round % 5);
            buffer.Reserve(2)[0] = 7;
            buffer.Advance(1);
            expected.AddRange([(byte)round, 1, 2, 3, .. Enumerable.Repeat((byte)9, round % 5), 7]);
        }
        Assert.Equal(expected, buffer.Written.ToArray());
        buffer.Truncate(5);
        Assert.Equal(expected[..5], buffer.Written.ToArray());
        buffer.Clear();
        Assert.Equal(0, buffer.Length);
    }

    [Fact]
    public void Growth_IsAskedForFirst()
    {
        ByteBuffer buffer = new(size => Assert.True(size <= 1024, "refused"));
        buffer.Add(1, 900);
        Assert.ThrowsAny<Exception>(() => buffer.Add(1, 1 << 20));
        Assert.Equal(900, buffer.Length);
    }
}
