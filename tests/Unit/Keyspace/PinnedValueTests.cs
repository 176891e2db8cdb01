using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Types.Strings;
using Xunit;

namespace Bixbite.Unit.Keyspace;

/// <summary>Whatever happens to a key whose value is pinned, the reader sees the old bytes until it unpins them.</summary>
public sealed class PinnedValueTests : IDisposable
{
    private const int Length = 150_000;
    private readonly KeyspaceFixture _keyspace = new(databaseCount: 2);

    public void Dispose() => _keyspace.Dispose();

    private PinnedBlocks Pinned => _keyspace.Databases.Values.Pinned;

    private Database Database => _keyspace.Databases[0];

    public static TheoryData<string> Changes => ["set", "delete", "append", "setrange", "same length", "flush", "move", "swap", "nothing"];

    [Theory]
    [MemberData(nameof(Changes))]
    public void AReaderKeepsTheOldBytes(string change)
    {
        long before = _keyspace.Heap.UsedBytes;
        KeyRef at = Database.Find("key"u8);
        Database.Put(ref at, "key"u8, StringForm.Of(Filled(1)), Deadline.None);
        ulong block = at.Record.TextBlock;
        Pinned.Pin(block);
        Pinned.Pin(block);

        Change(change, ref at);

        Assert.Equal(-1, Native.Bytes(block, Length).IndexOfAnyExcept((byte)1));
        Pinned.Unpin(block);
        Assert.Equal(-1, Native.Bytes(block, Length).IndexOfAnyExcept((byte)1));
        Pinned.Unpin(block);
        Assert.Equal(0, Pinned.Count);
        _keyspace.Databases.Flush(Database, lazily: false);
        _keyspace.Databases.Flush(_keyspace.Databases[1], lazily: false);
        Assert.Equal(0, Pinned.OrphanBytes);
        Assert.Equal(before, _keyspace.Heap.UsedBytes);
    }

    [Fact]
    public void ACopyIsMadeOnceAndThenChangedInPlace()
    {
        KeyRef at = Database.Find("key"u8);
        Database.Put(ref at, "key"u8, StringForm.Of(Filled(1)), Deadline.None);
        ulong block = at.Record.TextBlock;
        Pinned.Pin(block);
        Database.EditText(ref at, "key"u8, Length)[0] = 9;
        ulong copy = at.Record.TextBlock;
        Assert.NotEqual(block, copy);
        Database.EditText(ref at, "key"u8, Length)[1] = 8;
        Assert.Equal(copy, at.Record.TextBlock);
        Assert.Equal((9, 8, 1), (Native.At<byte>(copy), Native.At<byte>(copy + 1), Native.At<byte>(copy + 2)));
        Assert.Equal(1, Native.At<byte>(block));
        Pinned.Unpin(block);
    }

    private void Change(string change, ref KeyRef at)
    {
        switch (change)
        {
            case "set":
                Database.Put(ref at, "key"u8, StringForm.Of(Filled(2)), Deadline.None);
                break;
            case "delete":
                Database.Remove(ref at);
                break;
            case "append":
                Database.EditText(ref at, "key"u8, 3 * Length)[Length..].Fill(3);
                break;
            case "setrange" or "same length":
                Database.EditText(ref at, "key"u8, change == "setrange" ? Length + 1 : Length)[5..77].Fill(4);
                break;
            case "flush":
                _keyspace.Databases.Flush(Database, lazily: false);
                break;
            case "swap":
                _keyspace.Databases.Swap(0, 1);
                break;
            case "move":
                KeyRef target = _keyspace.Databases[1].Find("key"u8);
                _keyspace.Databases[1].Put(ref target, "key"u8, StringForm.Of(at.Record.Text(default)), Deadline.None);
                Database.Remove(ref at);
                break;
        }
    }

    private static byte[] Filled(byte with)
    {
        byte[] bytes = new byte[Length];
        bytes.AsSpan().Fill(with);
        return bytes;
    }
}
