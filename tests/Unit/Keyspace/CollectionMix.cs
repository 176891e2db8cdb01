using System.Text;
using Bixbite.Types;
using Bixbite.Types.Hashes;
using Bixbite.Types.Lists;
using Bixbite.Types.Sets;
using Bixbite.Types.SortedSets;
using Bixbite.Types.Streams;

namespace Bixbite.Unit.Keyspace;

/// <summary>Random changes of collections of every type, which make them large and small.</summary>
internal static class CollectionMix
{
    public const int ElementCount = 4_000;

    public static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);

    /// <summary>Adds, replaces or removes an element or a few.</summary>
    public static void ChangeValue(KeyType type, ValueSlot slot, Random random, bool isFirst)
    {
        byte[] element = Text("element", random.Next(ElementCount));
        bool isRemoval = !isFirst && random.Next(4) == 0;
        switch (type)
        {
            case KeyType.Hash:
                ChangeHash(new HashValue(slot), element, random, isRemoval);
                break;
            case KeyType.Set:
                var set = new SetValue(slot);
                if (!isRemoval)
                {
                    set.Add(element);
                }
                else if (set.Count > 1)
                {
                    set.RemoveAt(set.Stored.Choose());
                }
                break;
            case KeyType.SortedSet:
                var sorted = new SortedSetValue(slot);
                if (!isRemoval)
                {
                    sorted.Add(element, random.Next(1000));
                }
                else if (sorted.Count > 20)
                {
                    sorted.RemoveRange(new RankRange(random.Next((int)sorted.Count - 10), random.Next(5) + 1));
                }
                break;
            case KeyType.Stream:
                ChangeStream(new StreamValue(slot), element, random, isRemoval);
                break;
            default:
                ChangeList(new ListValue(slot), element, random, isRemoval);
                break;
        }
    }

    private static void ChangeHash(HashValue hash, byte[] field, Random random, bool isRemoval)
    {
        if (isRemoval && hash.Count > 1)
        {
            hash.Remove(field);
        }
        else if (!isRemoval)
        {
            hash.Set(field, Text("value", random.Next(ElementCount)));
            if (random.Next(10) == 0)
            {
                hash.SetDeadline(field, 2_000_000_000_000 + random.Next(1000));
            }
        }
    }

    private static void ChangeStream(StreamValue stream, byte[] text, Random random, bool isRemoval)
    {
        if (random.Next(3) == 0)
        {
            StreamGroupMix.Change(stream, random);
        }
        else if (!isRemoval)
        {
            stream.Append(new StreamId(stream.LastId.Ms + (ulong)random.Next(2), stream.LastId.Sequence + 1), new Fields(text));
        }
        else if (random.Next(10) == 0)
        {
            stream.Trim(StreamTrim.ToLength(Math.Max(stream.Count - random.Next(200), 1)) with { IsApproximate = random.Next(2) == 0 });
        }
        else
        {
            StreamEntryReader entries = stream.Read(new StreamId((ulong)random.Next(ElementCount), 0), StreamId.Max);
            if (entries.MoveNext())
            {
                stream.TryDelete(entries.Id);
            }
        }
    }

    private static void ChangeList(ListValue list, byte[] element, Random random, bool isRemoval)
    {
        ListEnd end = random.Next(2) == 0 ? ListEnd.Left : ListEnd.Right;
        if (isRemoval && list.Count > 10)
        {
            if (random.Next(4) == 0)
            {
                list.RemoveEqual(element, random.Next(3) + 1, end);
            }
            else
            {
                // Now and then hardly anything is left, so that the list becomes one listpack.
                list.Drop(end, random.Next(100) == 0 ? list.Count - 3 : random.Next(5) + 1);
            }
        }
        else if (list.Count > 0 && random.Next(8) == 0)
        {
            list.TryInsert(Text("element", random.Next(ElementCount)), random.Next(2) == 0, element);
        }
        else if (list.Count > 0 && random.Next(5) == 0)
        {
            list.Replace(random.NextInt64(list.Count), element);
        }
        else
        {
            list.Expect(1, element.Length);
            list.Push(end, element);
        }
    }

    /// <summary>Most are short, some are long enough to be taken in pieces.</summary>
    private static byte[] Text(string name, int number)
    {
        int length = number % 500 == 0 ? 400_000 : number % 10 == 0 ? 3000 : 0;
        return Bytes($"{name}:{number}".PadRight(length, '.'));
    }

    private readonly ref struct Fields(ReadOnlySpan<byte> text) : IStreamFields
    {
        private readonly ReadOnlySpan<byte> _text = text;

        public int Count => 1;

        public ReadOnlySpan<byte> Field(int index) => "field"u8;

        public ReadOnlySpan<byte> Value(int index) => _text;
    }
}
