using System.Diagnostics.CodeAnalysis;
using Bixbite.Structures.Text;

namespace Bixbite.Engine.Blocking;

/// <summary>Something of some keys, found by database and key. Databases of which nothing is held cost nothing.</summary>
internal sealed class KeyTable<TItem>
    where TItem : class
{
    /// <summary>Tables that stay when they are empty, since they are likely to be used again.</summary>
    private const int SpareCountMax = 16;

    private readonly Dictionary<int, Dictionary<byte[], TItem>> _tables = [];

    /// <summary>The keys of all databases.</summary>
    public int Count { get; private set; }

    public bool TryGet(int database, ReadOnlySpan<byte> key, [NotNullWhen(true)] out TItem? item)
    {
        item = null;
        return Count > 0
            && _tables.TryGetValue(database, out Dictionary<byte[], TItem>? table)
            && table.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out item);
    }

    /// <summary>Adds a key that is not there; the bytes are the table's from now on.</summary>
    public void Add(int database, byte[] key, TItem item)
    {
        if (!_tables.TryGetValue(database, out Dictionary<byte[], TItem>? table))
        {
            table = new Dictionary<byte[], TItem>(BytesComparer.Instance);
            _tables.Add(database, table);
        }
        table.Add(key, item);
        Count++;
    }

    /// <summary>Removes a key that is there.</summary>
    public void Remove(int database, byte[] key)
    {
        Dictionary<byte[], TItem> table = _tables[database];
        if (table.Remove(key))
        {
            Count--;
        }
        if (table.Count == 0 && _tables.Count > SpareCountMax)
        {
            _tables.Remove(database);
        }
    }

    /// <summary>All of one database.</summary>
    public IEnumerable<TItem> In(int database) =>
        _tables.TryGetValue(database, out Dictionary<byte[], TItem>? table) ? table.Values : [];
}
