using System.Diagnostics.CodeAnalysis;
using Bixbite.Engine.Sessions;
using Bixbite.Memory;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Engine.ClientTracking;

/// <summary>
/// The prefixes of clients in broadcasting mode. A change is noted with every prefix of its key, and told at the end of the round, with
/// all the others of that prefix in one message.
/// <code>
///   prefix -> its clients, the keys that changed in this round
/// </code>
/// A key is looked up once for each length that some prefix has, however many prefixes there are.
/// </summary>
internal sealed class BroadcastPrefixes(InvalidationSender sender, SessionSlot<SessionTracking> slot, Heap heap)
{
    private const int BufferSizeKept = 4096;

    /// <summary>Bytes of a client's prefix beside its name, estimated.</summary>
    private const long PrefixSize = 300;

    private readonly Dictionary<byte[], Prefix> _prefixes = new(BytesComparer.Instance);
    private readonly SortedDictionary<int, int> _lengths = [];
    private readonly List<Prefix> _changed = [];
    private readonly ReplyWriter _array = new(new NativeBuffer(heap, 64));
    private readonly ReplyWriter _ownArray = new(new NativeBuffer(heap, 64));

    internal int Count => _prefixes.Count;

    internal void Add(Session session, byte[] name)
    {
        if (!_prefixes.TryGetValue(name, out Prefix? prefix))
        {
            _prefixes.Add(name, prefix = new Prefix(name, heap));
            _lengths[name.Length] = _lengths.GetValueOrDefault(name.Length) + 1;
        }
        prefix.Clients.Add(session);
        session.Hold(SizeOf(name));
    }

    internal void Remove(Session session, byte[] name)
    {
        Prefix prefix = _prefixes[name];
        prefix.Clients.Remove(session);
        session.Hold(-SizeOf(name));
        if (prefix.Clients.Count > 0)
        {
            return;
        }
        _prefixes.Remove(name);
        _changed.Remove(prefix);
        prefix.Keys.Dispose();
        if (--_lengths[name.Length] == 0)
        {
            _lengths.Remove(name.Length);
        }
    }

    /// <summary>Notes a change, to be told at the end of the round.</summary>
    internal void Note(ReadOnlySpan<byte> key, Session? author)
    {
        foreach (int length in _lengths.Keys)
        {
            if (length > key.Length)
            {
                return;
            }
            if (TryFind(key[..length], out Prefix? prefix))
            {
                Note(prefix, key, author);
            }
        }
    }

    /// <summary>Tells what was noted.</summary>
    internal void Send()
    {
        _changed.Sort();
        foreach (Prefix prefix in _changed)
        {
            Send(prefix);
        }
        _changed.Clear();
    }

    private static long SizeOf(byte[] name) => PrefixSize + (2L * name.Length);

    private void Note(Prefix prefix, ReadOnlySpan<byte> key, Session? author)
    {
        if (prefix.Keys.IsFull)
        {
            Send(prefix);
        }
        else if (prefix.Keys.IsEmpty)
        {
            _changed.Add(prefix);
        }
        prefix.Keys.Add(key, author);
    }

    private void Send(Prefix prefix)
    {
        prefix.Keys.Sort();
        foreach (Session client in prefix.Clients)
        {
            if (slot.Of(client)!.Has(TrackingModes.NoLoop))
            {
                SendOthers(prefix.Keys, client);
                continue;
            }
            if (_array.Buffer.Length == 0)
            {
                prefix.Keys.Write(_array, null, prefix.Keys.CountWithout(null));
            }
            sender.SendKeys(client, _array.Buffer.Written(0));
        }
        Empty(_array);
        prefix.Keys.Clear();
    }

    /// <summary>Tells a client that does not want to hear of its own changes of those of others.</summary>
    private void SendOthers(ChangedKeys keys, Session client)
    {
        int count = keys.CountWithout(client);
        if (count > 0)
        {
            keys.Write(_ownArray, client, count);
            sender.SendKeys(client, _ownArray.Buffer.Written(0));
            Empty(_ownArray);
        }
    }

    private bool TryFind(ReadOnlySpan<byte> name, [NotNullWhen(true)] out Prefix? prefix) =>
        _prefixes.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out prefix);

    private static void Empty(ReplyWriter writer)
    {
        writer.Buffer.Truncate(0);
        writer.Buffer.Shrink(BufferSizeKept);
        writer.Begin();
    }

    private sealed class Prefix(byte[] name, Heap heap) : IComparable<Prefix>
    {
        public byte[] Name { get; } = name;

        public HashSet<Session> Clients { get; } = [];

        public ChangedKeys Keys { get; } = new(heap);

        public int CompareTo(Prefix? other) => BytesOrder.Instance.Compare(Name, other?.Name);
    }
}
