using System.Runtime.InteropServices;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.Lists;
using Bixbite.Types.Sets;
using Bixbite.Types.SortedSets;

namespace Bixbite.Commands.Keys.Shared;

/// <summary>The elements of a list, a set or a sorted set on their way to being sorted. Kept from command to command.</summary>
internal sealed class SortElements
{
    /// <summary>A list that has grown beyond this is given back.</summary>
    private const int KeptMax = 1024;

    private readonly Comparison<SortItem> _ascendingNumbers = new NumberOrder(isDescending: false).Compare;
    private readonly Comparison<SortItem> _descendingNumbers = new NumberOrder(isDescending: true).Compare;
    private readonly Comparison<SortItem> _ascendingTexts = new TextOrder(isDescending: false).Compare;
    private readonly Comparison<SortItem> _descendingTexts = new TextOrder(isDescending: true).Compare;
    private List<SortItem> _items = [];

    public Span<SortItem> Items => CollectionsMarshal.AsSpan(_items);

    public void Clear()
    {
        if (_items.Capacity > KeptMax)
        {
            _items = [];
        }
        _items.Clear();
    }

    /// <summary>
    /// Reads the elements of a key that exists. Where nothing is to be sorted, lists and sorted sets keep their order, and only what LIMIT
    /// asks for is read. Returns the range of what was read that is wanted.
    /// </summary>
    public (long First, long Count) Read(CommandContext context, in KeyRef at, in SortRequest request)
    {
        ValueSlot slot = context.Database.Open(at);
        switch (at.Record.Type)
        {
            case KeyType.List:
                return ReadList(new ListValue(slot), request);
            case KeyType.SortedSet:
                return ReadSortedSet(new SortedSetValue(slot), request);
            default:
                StoredSet set = new SetValue(slot).Stored;
                var sink = new Sink(_items);
                set.CopyTo(ref sink);
                return request.RangeOf(_items.Count);
        }
    }

    /// <summary>Finds the weights of all elements; false if one that should be a number is none.</summary>
    public bool TryWeigh(CommandContext context, in SortRequest request)
    {
        var pattern = request.WeightIndex == 0 ? default : new SortPattern(context[request.WeightIndex]);
        bool areNumbers = true;
        foreach (ref SortItem item in Items)
        {
            item.WeightText = item.Element;
            item.HasWeight = request.WeightIndex == 0 || pattern.TryFind(context, item.Element, out item.WeightText);
            if (item.HasWeight && !request.IsByText)
            {
                areNumbers &= SortNumber.TryRead(item.WeightText, out item.Weight);
            }
        }
        return areNumbers;
    }

    public void Sort(in SortRequest request)
    {
        Comparison<SortItem> order = (request.IsByText, request.IsDescending) switch
        {
            (false, false) => _ascendingNumbers,
            (false, true) => _descendingNumbers,
            (true, false) => _ascendingTexts,
            (true, true) => _descendingTexts,
        };
        _items.Sort(order);
    }

    private (long First, long Count) ReadList(ListValue list, in SortRequest request)
    {
        long count = list.Count;
        (long First, long Count) range = request.RangeOf(count);
        bool isBackward = request.IsUnsorted && request.IsDescending;
        (long first, long readCount) = request.IsUnsorted ? range : (0, count);
        if (readCount > 0)
        {
            ListReader reader = list.Read(isBackward ? count - 1 - first : first, readCount, isBackward);
            while (reader.MoveNext())
            {
                Add(reader.Current.IsInteger ? new StoredText(reader.Current.Integer) : StoredText.Of(reader.Current.Bytes));
            }
        }
        return request.IsUnsorted ? (0, readCount) : range;
    }

    private (long First, long Count) ReadSortedSet(SortedSetValue set, in SortRequest request)
    {
        long count = set.Count;
        (long First, long Count) range = request.RangeOf(count);
        bool isReversed = request.IsUnsorted && request.IsDescending;
        (long first, long readCount) = request.IsUnsorted ? range : (0, count);
        if (readCount > 0)
        {
            SortedSetReader reader = set.Read(new RankRange(isReversed ? count - first - readCount : first, readCount), isReversed);
            while (reader.MoveNext())
            {
                Add(StoredText.Of(reader.Member));
            }
        }
        return request.IsUnsorted ? (0, readCount) : range;
    }

    private void Add(StoredText element) => _items.Add(new SortItem(element, _items.Count));

    private readonly struct Sink(List<SortItem> items) : IMemberSink
    {
        public bool Add(in StoredText member)
        {
            items.Add(new SortItem(member, items.Count));
            return true;
        }
    }
}
