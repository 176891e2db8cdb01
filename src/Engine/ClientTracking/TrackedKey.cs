using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Bixbite.Structures.Packed;

namespace Bixbite.Engine.ClientTracking;

/// <summary>
/// A key and the clients that may have it in their caches: one block, owned by the link in the index's slot.
/// <code>
///   few    | key length * 2     : varint | key | count: 1 | id: varint | id | ...    in the order in which they read the key
///   many   | key length * 2 + 1 : varint | key | intset of ids                       ascending, see Intset
/// </code>
/// Up to <see cref="FewMax"/> ids are few: they are searched one by one. With one more the entry becomes one of many, and stays it: a key
/// that everybody reads is searched in logarithmic time. With a key of 16 bytes and one client up to id 2 million, the block is 24 bytes.
/// </summary>
internal readonly ref struct TrackedKey
{
    internal const int FewMax = 16;

    private const int CountSize = 1;

    private readonly Heap _heap;
    private readonly ref Link _link;

    internal TrackedKey(Heap heap, ref Link link)
    {
        _heap = heap;
        _link = ref link;
    }

    internal ReadOnlySpan<byte> Key => Keys.KeyOf(_link.Address);

    /// <summary>The clients, valid until the entry changes.</summary>
    internal Ids Clients => new(_heap, _link.Address);

    /// <summary>A block for a key that one client has read.</summary>
    internal static ulong Create(Heap heap, ReadOnlySpan<byte> key, long client)
    {
        ulong head = (ulong)key.Length << 1;
        int keyAt = Varint.SizeOf(head);
        int size = keyAt + key.Length + CountSize + Varint.SizeOf((ulong)client);
        ulong address = heap.Allocate(size);
        Span<byte> bytes = Native.Bytes(address, size);
        Varint.Write(bytes, head);
        key.CopyTo(bytes[keyAt..]);
        bytes[keyAt + key.Length] = 1;
        Varint.Write(bytes[(keyAt + key.Length + CountSize)..], (ulong)client);
        return address;
    }

    /// <summary>Adds a client and tells whether it was new. The block may move.</summary>
    internal bool Add(long client)
    {
        Debug.Assert(client > 0, "Ids of clients begin with 1.");
        int tailAt = TailOf(_link.Address, out bool isMany);
        if (isMany)
        {
            return Intset.Insert(new BlockTail(_heap, ref _link, tailAt), client);
        }
        var tail = new BlockTail(_heap, ref _link, tailAt);
        Ids clients = Clients;
        while (clients.MoveNext())
        {
            if (clients.Current == client)
            {
                return false;
            }
        }
        if (clients.Count == FewMax)
        {
            MakeMany(tailAt);
            return Intset.Insert(new BlockTail(_heap, ref _link, tailAt), client);
        }
        int end = clients.End - tailAt;
        Span<byte> bytes = tail.Grow(end + Varint.SizeOf((ulong)client));
        bytes[0]++;
        Varint.Write(bytes[end..], (ulong)client);
        return true;
    }

    private void MakeMany(int tailAt)
    {
        Span<long> ids = stackalloc long[FewMax];
        int count = 0;
        foreach (long id in Clients)
        {
            ids[count++] = id;
        }
        Native.Bytes(_link.Address, 1)[0] |= 1;
        var tail = new BlockTail(_heap, ref _link, tailAt);
        Intset.WriteEmpty(tail.Grow(Intset.EmptySize));
        foreach (long id in ids)
        {
            Intset.Insert(tail, id);
        }
    }

    /// <summary>Where the ids begin.</summary>
    private static int TailOf(ulong address, out bool isMany)
    {
        ulong head = HeadOf(address, out int keyAt);
        isMany = (head & 1) != 0;
        return keyAt + (int)(head >> 1);
    }

    private static ulong HeadOf(ulong address, out int size) => Varint.Read(Native.Bytes(address, Varint.SizeMax), out size);

    /// <summary>Lets the index read the entries.</summary>
    internal readonly struct Keys : IEntryKeys
    {
        public static ReadOnlySpan<byte> KeyOf(ulong entry)
        {
            ulong head = HeadOf(entry, out int keyAt);
            return Native.Bytes(entry + (uint)keyAt, (int)(head >> 1));
        }
    }

    /// <summary>Walks through the ids of an entry.</summary>
    internal ref struct Ids
    {
        private readonly ReadOnlySpan<byte> _bytes;
        private readonly ReadOnlySpan<byte> _set;
        private int _index;

        internal Ids(Heap heap, ulong address)
        {
            int tailAt = TailOf(address, out bool isMany);
            _bytes = Native.Bytes(address, (int)heap.SizeOf(address));
            if (isMany)
            {
                _set = _bytes.Slice(tailAt, Intset.SizeOf(_bytes[tailAt..]));
                Count = Intset.Count(_set);
            }
            else
            {
                Count = _bytes[tailAt];
            }
            End = tailAt + CountSize;
        }

        public readonly int Count { get; }

        public long Current { get; private set; }

        /// <summary>Of few: where the ids that were walked through end.</summary>
        internal int End { get; private set; }

        public readonly Ids GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_index == Count)
            {
                return false;
            }
            if (_set.IsEmpty)
            {
                Current = (long)Varint.Read(_bytes[End..], out int size);
                End += size;
            }
            else
            {
                Current = Intset.At(_set, _index);
            }
            _index++;
            return true;
        }
    }
}
