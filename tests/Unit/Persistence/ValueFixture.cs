using System.Text;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Persistence;
using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Persistence.Values;
using Bixbite.Structures.Checks;
using Bixbite.Types;

namespace Bixbite.Unit.Persistence;

/// <summary>One database whose values are dumped and restored. A body is a payload without its footer: the type and the value.</summary>
internal sealed class ValueFixture : IDisposable
{
    private const int FooterSize = 10;

    private readonly PayloadBuffer _payload;
    private readonly LzfCompressor _compressor = new();

    public ValueFixture()
    {
        Values = new ValueContext(Heap, seed: 7);
        _payload = new PayloadBuffer(Values);
        Database = new Databases(1, Values, new AccessClock(new CommandTime()), LazyFree)[0];
    }

    public Heap Heap { get; } = new();

    public LazyFree LazyFree { get; } = new();

    public ValueContext Values { get; }

    public Database Database { get; }

    public RdbScratch Scratch { get; } = new();

    /// <summary>Stores what the body says under the key; false, and nothing is changed, if the body is wrong.</summary>
    public bool Restore(string key, ReadOnlySpan<byte> body)
    {
        byte[] payload = [.. body, .. new byte[FooterSize]];
        if (!DumpPayload.TryReadType(payload, ValueCodecs.BuiltIn, out KeyType type) || type == KeyType.String)
        {
            return false;
        }
        byte[] name = Encoding.ASCII.GetBytes(key);
        RecordDraft draft = Database.Draft(name, type);
        if (!DumpPayload.TryReadCollection(payload, ValueCodecs.BuiltIn, Scratch, int.MaxValue, draft.Open()))
        {
            draft.Discard();
            return false;
        }
        KeyRef at = Database.Find(name);
        Database.Attach(ref at, ref draft, Deadline.None);
        return true;
    }

    public byte[] Dump(string key, bool isCompressed = false)
    {
        KeyRef at = Database.Find(Encoding.ASCII.GetBytes(key));
        DumpPayload.Write(_payload, ValueCodecs.BuiltIn, Values, at.Record, isCompressed ? _compressor : null);
        byte[] body = _payload.Written[..^FooterSize].ToArray();
        _payload.Clear();
        return body;
    }

    /// <summary>What OBJECT ENCODING would say.</summary>
    public string EncodingOf(string key)
    {
        KeyRef at = Database.Find(Encoding.ASCII.GetBytes(key));
        return Encoding.ASCII.GetString(at.Record.EncodingName(Values.Types));
    }

    public void Remove(string key)
    {
        KeyRef at = Database.Find(Encoding.ASCII.GetBytes(key));
        Database.Remove(ref at);
    }

    /// <summary>The heap's bytes in use, when all that was given up is freed.</summary>
    public long SettledBytes()
    {
        LazyFree.Run(() => false);
        return Heap.UsedBytes;
    }

    public void Dispose() => Heap.Dispose();
}
