using System.Globalization;
using System.Text;
using Bixbite.Structures.Text;
using Bixbite.Tool.Terminals;

namespace Bixbite.Tool.Scanning;

/// <summary>
/// The sums that a walk has come to for each type, and its largest keys. Memory follows the types and the largest keys, not all keys.
/// </summary>
/// <param name="measure">How keys are measured.</param>
/// <param name="largestCount">How many keys of each type are kept.</param>
internal sealed class KeyTally(KeyMeasure measure, int largestCount)
{
    private const int TypesMax = 100;

    private readonly SortedDictionary<string, TypeTally> _types = new(StringComparer.Ordinal);

    public long KeyCount { get; private set; }

    /// <summary>Counts a key of a type that is measured, or cannot be where the size is null.</summary>
    public void Add(string type, byte[] key, long? size)
    {
        KeyCount++;
        if (!_types.TryGetValue(type, out TypeTally? tally))
        {
            // No server has so many; one that says so is not believed.
            if (_types.Count == TypesMax)
            {
                return;
            }
            _types.Add(type, tally = new TypeTally());
        }
        tally.Count++;
        if (size is not { } known)
        {
            return;
        }
        tally.Sum += known;
        tally.Largest.Enqueue(key, known);
        if (tally.Largest.Count > largestCount)
        {
            tally.Largest.Dequeue();
        }
    }

    /// <summary>The tables for people.</summary>
    public string Summary()
    {
        TextTable sums = new("type", " keys", " of all", " in all", " average", "unit");
        TextTable largest = new("type", " size", "unit", "key");
        foreach ((string type, TypeTally tally) in _types)
        {
            string unit = measure.UnitOf(type);
            bool isMeasured = unit.Length > 0;
            sums.Add(
                type, Text(tally.Count), Text($"{100.0 * tally.Count / KeyCount:0.0}%"), isMeasured ? Text(tally.Sum) : "-",
                isMeasured ? Text($"{(double)tally.Sum / tally.Count:0.#}") : "-", isMeasured ? unit : "not measured");
            foreach ((byte[] key, long size) in tally.Largest.UnorderedItems.OrderByDescending(item => item.Priority))
            {
                largest.Add(type, Text(size), unit, Quote(key));
            }
        }
        string counted = Text($"{KeyCount} keys were looked at.");
        return largest.IsEmpty ? counted + "\n" : $"{counted}\n\n{sums}\n{largest}";
    }

    private static string Quote(byte[] key)
    {
        byte[] room = new byte[Quoted.SizeOf(key)];
        return Encoding.ASCII.GetString(room, 0, Quoted.Format(key, room));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class TypeTally
    {
        public long Count { get; set; }

        public long Sum { get; set; }

        public PriorityQueue<byte[], long> Largest { get; } = new();
    }
}
