using Bixbite.Engine.Propagation;
using Bixbite.Keyspace;
using Bixbite.Structures.Sketches;
using Bixbite.Types;

namespace Bixbite.Engine.Sampling;

/// <summary>A key whose value is among the largest of its type.</summary>
public readonly record struct BigKey(byte[] Key, int Length, int Database, KeyType Type, long Bytes, long Elements);

/// <summary>
/// The largest values of each type, by bytes and by elements, known without a walk through the keys:
/// <code>
///   Database: a value with a block of its own comes, is written as a whole, goes ──> Noticed, Gone     strings: each time
///   ChangeFeed: one change in some, and every one of many elements ──> OnChange ──> Noticed            collections that grow
///                                                                                     └──> TopKeys by bytes, by elements, for each type
/// </code>
/// Small values, which lie in their keys' records, are never among them. What is told is measured anew at that moment, so a key that has
/// shrunk, or is there no more, is not told as what it was. When keys of the list go, others that were too small for it are not known until
/// they are written again.
/// </summary>
public sealed class BigKeys(Databases databases) : ILargeValueWatch, IChangeSubscriber
{
    public const int CountMax = 64;

    /// <summary>Longer keys are cut, and told as they were when they were noticed.</summary>
    private const int KeySizeMax = 256;

    private const ulong PlaceMultiplier = 0x9E37_79B9_7F4A_7C15;

    /// <summary>By the type's number; none for a type of which no large value was noticed yet.</summary>
    private Lists?[] _types = [];

    /// <summary>The types of which large values are known.</summary>
    public IEnumerable<KeyType> Types =>
        Enumerable.Range(0, _types.Length).Select(number => (KeyType)number).Where(type => Find(type) is not null);

    /// <summary>The bytes that it takes at most for so many types.</summary>
    public static long MemoryBytesOf(int typeCount) => typeCount * 2L * new TopKeys(CountMax, KeySizeMax).MemoryBytes;

    /// <summary>The largest values of a type, the largest first.</summary>
    /// <param name="type">Of these.</param>
    /// <param name="isByElements">By elements, in place of bytes.</param>
    /// <param name="database">Of the database of this number; of all where it is negative.</param>
    public IReadOnlyList<BigKey> Largest(KeyType type, bool isByElements, int database = -1)
    {
        if (Find(type) is not { } lists)
        {
            return [];
        }
        List<BigKey> found = [];
        foreach (RankedKey key in (isByElements ? lists.ByElements : lists.ByBytes).Sorted)
        {
            if (key.Group >= 0 && (database < 0 || key.Group == database) && Measure(type, key, isByElements) is { } big)
            {
                found.Add(big);
            }
        }
        found.Sort((first, second) => isByElements ? second.Elements.CompareTo(first.Elements) : second.Bytes.CompareTo(first.Bytes));
        return found;
    }

    /// <summary>Whether a key of the database is among the largest by bytes.</summary>
    public bool IsKnown(Database database, ReadOnlySpan<byte> key, KeyType type) =>
        Find(type) is { } lists && lists.ByBytes.Has(Mix(database.HashOf(key), database.Place));

    public void Clear() => _types = [];

    public void Noticed(Database database, ulong hash, Record record)
    {
        ulong mixed = Mix(hash, database.Place);
        if (!ValueSizes.IsLarge(record))
        {
            Forget(mixed);
            return;
        }
        Lists lists = Find(record.Type) ?? Add(record.Type);
        if (record.Type != KeyType.String)
        {
            lists.ByElements.Set(mixed, database.Place, record.Key, Math.Max(database.Sizes.CountOf(record), 1));
        }
        lists.ByBytes.Set(mixed, database.Place, record.Key, database.Sizes.OwnOf(record));
    }

    public void Gone(Database database, ulong hash) => Forget(Mix(hash, database.Place));

    public void Emptied(int place)
    {
        foreach (Lists? lists in _types)
        {
            lists?.ByBytes.RemoveGroup(place);
            lists?.ByElements.RemoveGroup(place);
        }
    }

    public void Exchanged(int first, int second)
    {
        ulong difference = Mix(0, first) ^ Mix(0, second);
        foreach (Lists? lists in _types)
        {
            lists?.ByBytes.ExchangeGroups(first, second, difference);
            lists?.ByElements.ExchangeGroups(first, second, difference);
        }
    }

    /// <summary>One of the changes that are looked at.</summary>
    public void OnChange(in KeyChange change)
    {
        if ((change.EventClass & (KeyEventClass.String | KeyEventClass.Expired | KeyEventClass.Evicted)) != 0)
        {
            return;
        }
        ulong hash = change.Database.HashOf(change.Key);
        Record record = change.Database.Find(hash, change.Key).Record;
        if (!record.IsNone && ValueSizes.IsLarge(record))
        {
            Noticed(change.Database, hash, record);
        }
    }

    /// <summary>The databases tell it.</summary>
    void IChangeSubscriber.OnContentReplaced(Database database)
    {
    }

    /// <summary>Makes hashes of one key different in different databases; twice leaves it as it was.</summary>
    private static ulong Mix(ulong hash, int place) => hash ^ ((ulong)(uint)place * PlaceMultiplier);

    private BigKey? Measure(KeyType type, RankedKey key, bool isByElements)
    {
        if (key.Length > key.Key.Length)
        {
            return new BigKey(key.Key, key.Length, key.Group, type, isByElements ? 0 : key.Count, isByElements ? key.Count : 0);
        }
        Database database = databases[key.Group];
        Record record = database.Find(key.Key).Record;
        if (record.IsNone || record.Type != type || !ValueSizes.IsLarge(record))
        {
            return null;
        }
        long elements = type == KeyType.String ? 1 : database.Sizes.CountOf(record);
        return new BigKey(key.Key, key.Length, key.Group, type, database.SizeOf(record), elements);
    }

    private Lists? Find(KeyType type) => (int)type < _types.Length ? _types[(int)type] : null;

    private Lists Add(KeyType type)
    {
        if ((int)type >= _types.Length)
        {
            Array.Resize(ref _types, (int)type + 1);
        }
        return _types[(int)type] = new Lists();
    }

    private void Forget(ulong mixed)
    {
        foreach (Lists? lists in _types)
        {
            lists?.ByBytes.Remove(mixed);
            lists?.ByElements.Remove(mixed);
        }
    }

    private sealed class Lists
    {
        public TopKeys ByBytes { get; } = new(CountMax, KeySizeMax);

        public TopKeys ByElements { get; } = new(CountMax, KeySizeMax);
    }
}
