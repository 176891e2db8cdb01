using System.Globalization;
using System.Text;
using Bixbite.Commands.Debugging;
using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.Hashes;
using Bixbite.Types.Lists;
using Bixbite.Types.Sets;
using Bixbite.Types.SortedSets;
using Bixbite.Types.Streams;
using Bixbite.Types.Strings;

namespace Bixbite.Unit.Keyspace;

/// <summary>Random changes of keys of all types in three databases. Two trials with one seed do the same.</summary>
internal sealed class KeyspaceTrial : IDisposable
{
    private const int KeyCount = 60;

    private readonly Random _random;
    private long _streamMs;

    public KeyspaceTrial(int seed)
    {
        _random = new Random(seed);
        ValueLimits limits = Keyspace.Databases.Values.Limits;
        limits.HashEntriesMax = limits.SetEntriesMax = limits.SetIntsetEntriesMax = limits.SortedSetEntriesMax = 6;
        limits.ListNodeFill = 4;
        limits.StreamNodeEntriesMax = 5;
    }

    public KeyspaceFixture Keyspace { get; } = new(databaseCount: 3);

    public void Dispose() => Keyspace.Dispose();

    public string Digest()
    {
        var digest = new DatasetDigest(Keyspace.Databases.Values);
        foreach (Database database in Keyspace.Databases.All)
        {
            database.Index.Verify();
            digest.Add(database);
        }
        return digest.ToString();
    }

    public void Step()
    {
        Database database = Keyspace.Databases[_random.Next(2) * _random.Next(3)];
        byte[] key = Bytes($"key:{_random.Next(KeyCount)}");
        KeyRef at = database.Find(key);
        switch (_random.Next(100))
        {
            case < 3 when at.Exists:
                database.Remove(ref at, lazily: _random.Next(2) == 0);
                break;
            case < 6 when at.Exists:
                database.SetDeadline(ref at, _random.Next(2) == 0 ? Deadline.None : 2_000_000_000_000 + _random.Next(1000));
                break;
            case < 10 when at.Exists:
                Rename(database, ref at);
                break;
            case < 13 when at.Exists:
                Copy(database, at);
                break;
            case 13:
                Keyspace.Databases.Swap(_random.Next(3), _random.Next(3));
                break;
            case 14 when _random.Next(6) == 0:
                Keyspace.Databases.Flush(Keyspace.Databases[_random.Next(3)], lazily: _random.Next(2) == 0);
                break;
            case < 25:
                Keyspace.LazyFree.Run(() => _random.Next(2) == 0);
                break;
            default:
                Change(database, ref at, key);
                break;
        }
    }

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);

    private byte[] Text(int sizeMax) => Bytes(new string((char)('a' + _random.Next(26)), _random.Next(sizeMax)));

    private byte[] Name() => Bytes(string.Create(CultureInfo.InvariantCulture, $"{_random.Next(40)}"));

    private void Rename(Database database, ref KeyRef at)
    {
        byte[] name = Bytes($"key:{_random.Next(KeyCount)}");
        KeyspaceFixture.MoveIfFree(database, ref at, Keyspace.Databases[_random.Next(3)], name);
    }

    private void Copy(Database database, in KeyRef at)
    {
        byte[] name = Bytes($"key:{_random.Next(KeyCount)}");
        KeyspaceFixture.CopyIfFree(database, at, name);
    }

    private void Change(Database database, ref KeyRef at, byte[] key)
    {
        if (!at.Exists && _random.Next(2) == 0)
        {
            database.Create(ref at, key, (KeyType)_random.Next((int)KeyType.List, (int)KeyType.Stream + 1));
        }
        if (!at.Exists || at.Record.Type == KeyType.String)
        {
            ChangeString(database, ref at, key);
            return;
        }
        ValueSlot value = database.Edit(at);
        bool isEmpty = false;
        for (int i = _random.Next(1, 30); i > 0 && !isEmpty; i--)
        {
            isEmpty = ChangeCollection(at.Record.Type, value);
        }
        if (isEmpty)
        {
            database.Remove(ref at);
        }
    }

    private void ChangeString(Database database, ref KeyRef at, byte[] key)
    {
        if (at.Exists && _random.Next(3) == 0)
        {
            database.EditText(ref at, key, _random.Next(3_000)).Fill((byte)'e');
            return;
        }
        byte[] text = _random.Next(4) == 0 ? Name() : Text(_random.Next(5) == 0 ? 40_000 : 700);
        database.Put(ref at, key, StringForm.Of(text), Deadline.Keep);
    }

    /// <summary>True if the collection is empty afterwards.</summary>
    private bool ChangeCollection(KeyType type, ValueSlot value)
    {
        bool isAdded = _random.Next(5) > 1;
        byte[] name = Name();
        switch (type)
        {
            case KeyType.Hash:
                var hash = new HashValue(value);
                _ = isAdded ? hash.Set(name, Text(100)) : hash.Remove(name);
                return hash.IsEmpty;
            case KeyType.Set:
                var set = new SetValue(value);
                _ = isAdded ? set.Add(name) : set.Remove(name);
                return set.IsEmpty;
            case KeyType.SortedSet:
                var sorted = new SortedSetValue(value);
                _ = isAdded ? sorted.Add(name, _random.Next(10)) == AddOutcome.Added : sorted.Remove(name);
                return sorted.IsEmpty;
            case KeyType.List:
                var list = new ListValue(value);
                ListEnd end = (ListEnd)_random.Next(2);
                if (isAdded)
                {
                    list.Push(end, Text(60));
                }
                else
                {
                    list.Drop(end, 1);
                }
                return list.IsEmpty;
            default:
                ChangeStream(new StreamValue(value), name, isAdded);
                return false;
        }
    }

    private void ChangeStream(StreamValue stream, byte[] name, bool isAdded)
    {
        if (isAdded)
        {
            stream.Append(new StreamId((ulong)++_streamMs, 0), new OneField(name));
        }
        else
        {
            stream.TryDelete(stream.FirstId);
        }
        if (_random.Next(4) > 0)
        {
            return;
        }
        stream.TryCreateGroup(name.AsSpan()[..1], StreamId.Min, 0, out _);
        if (!stream.TryFindGroup(name.AsSpan()[..1], out StreamGroup group))
        {
            return;
        }
        group.TryCreateConsumer(name, _streamMs, out StreamConsumer consumer);
        if (!group.TryFindPending(stream.LastId, out _))
        {
            group.AddPending(stream.LastId, consumer, _streamMs, 1);
        }
        if (_random.Next(3) == 0)
        {
            group.Acknowledge(group.FirstPendingId);
        }
        if (_random.Next(10) == 0)
        {
            group.RemoveConsumer(consumer);
        }
        if (_random.Next(10) == 0)
        {
            stream.TryRemoveGroup(name.AsSpan()[..1]);
        }
    }

    private readonly struct OneField(byte[] text) : IStreamFields
    {
        public int Count => 1;

        public ReadOnlySpan<byte> Field(int index) => text;

        public ReadOnlySpan<byte> Value(int index) => text;
    }
}
