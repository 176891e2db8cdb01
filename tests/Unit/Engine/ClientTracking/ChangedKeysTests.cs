using System.Text;
using Bixbite.Engine.ClientTracking;
using Bixbite.Memory;
using Bixbite.Protocol;
using Xunit;

namespace Bixbite.Unit.Engine.ClientTracking;

public sealed class ChangedKeysTests : IDisposable
{
    private readonly Heap _heap = new();

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void KeysAreToldInOrderAndOnce()
    {
        using var keys = new ChangedKeys(_heap);
        foreach (string key in new[] { "b", "a", "ab", "b", "b", "", "a" })
        {
            keys.Add(Encoding.ASCII.GetBytes(key), author: null);
        }
        keys.Sort();
        Assert.Equal(4, keys.CountWithout(author: null));
        using var buffer = new NativeBuffer(_heap, 64);
        var writer = new ReplyWriter(buffer);
        keys.Write(writer, author: null, 4);
        Assert.Equal("*4\r\n$0\r\n\r\n$1\r\na\r\n$2\r\nab\r\n$1\r\nb\r\n", Encoding.ASCII.GetString(buffer.Written(0)));
        keys.Clear();
        Assert.True(keys.IsEmpty);
    }

    [Fact]
    public void ManyKeysAreFull()
    {
        using var keys = new ChangedKeys(_heap);
        byte[] key = new byte[1 << 20];
        while (!keys.IsFull)
        {
            key[0]++;
            keys.Add(key, author: null);
        }
        Assert.Equal(16, key[0]);
    }
}
