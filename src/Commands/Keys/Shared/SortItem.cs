using Bixbite.Structures.Text;
using Bixbite.Types;

namespace Bixbite.Commands.Keys.Shared;

/// <summary>An element to be sorted, with what it is sorted by.</summary>
internal struct SortItem(StoredText element, int index)
{
    public readonly StoredText Element = element;

    /// <summary>The place among the elements before they are sorted.</summary>
    public readonly int Index = index;

    /// <summary>Whether BY found something for the element, if it was asked to.</summary>
    public bool HasWeight;

    /// <summary>The text that a sort by text compares.</summary>
    public StoredText WeightText;

    /// <summary>The number that a sort by number compares.</summary>
    public double Weight;
}

/// <summary>
/// By number, equal ones by the elements' bytes. Elements that compare as equal stay in their order, so the result is always the same.
/// </summary>
internal sealed class NumberOrder(bool isDescending)
{
    public int Compare(SortItem x, SortItem y)
    {
        int order = x.Weight.CompareTo(y.Weight);
        if (order == 0)
        {
            order = TextOrder.Compare(x.Element, y.Element);
        }
        return order == 0 ? x.Index.CompareTo(y.Index) : isDescending ? -order : order;
    }
}

/// <summary>By the bytes of what BY found, what has none first.</summary>
internal sealed class TextOrder(bool isDescending)
{
    public int Compare(SortItem x, SortItem y)
    {
        int order = x.HasWeight && y.HasWeight
            ? Compare(x.WeightText, y.WeightText)
            : x.HasWeight.CompareTo(y.HasWeight);
        return order == 0 ? x.Index.CompareTo(y.Index) : isDescending ? -order : order;
    }

    public static int Compare(StoredText left, StoredText right)
    {
        Span<byte> leftScratch = stackalloc byte[Integers.SizeMax];
        Span<byte> rightScratch = stackalloc byte[Integers.SizeMax];
        return left.Text(leftScratch).SequenceCompareTo(right.Text(rightScratch));
    }
}
