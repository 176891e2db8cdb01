using System.Diagnostics;

namespace Bixbite.Structures.Geo;

/// <summary>
/// Orders results by distance; for the farthest first the caller negates the distances. Among equal distances the order is part of what
/// is compared with Redis: sorting all is stable there, sorting only the first few is the quicksort of Bentley and McIlroy ("Engineering a
/// sort function", 1993), which leaves out partitions that nobody asked for.
/// </summary>
public static class DistanceOrder
{
    private const int InsertionMax = 6;
    private const int MedianOfNineMin = 41;

    /// <summary>Sorts the items, which are 0, 1, 2, ..., by their distances.</summary>
    public static void Sort(Span<double> distances, Span<int> items)
    {
        distances.Sort(items);
        for (int start = 0, end; start < distances.Length; start = end)
        {
            for (end = start + 1; end < distances.Length && distances[end] == distances[start]; end++)
            {
            }
            if (end - start > 1)
            {
                items[start..end].Sort();
            }
        }
    }

    /// <summary>Sorts so far that the first <paramref name="count"/> items are the nearest ones in their order.</summary>
    public static void SortFirst(Span<double> distances, Span<int> items, int count)
    {
        Debug.Assert(count > 0 && count <= items.Length, "As many items are asked for as there are, or less.");
        while (true)
        {
            int length = items.Length;
            if (length <= InsertionMax)
            {
                SortByInsertion(distances, items);
                return;
            }
            (int less, int greater) = Partition(distances, items);
            if (less > 1)
            {
                SortFirst(distances[..less], items[..less], Math.Min(count, less));
            }

            // What is greater begins behind what was asked for, or holds the rest of it.
            int start = length - greater;
            if (greater <= 1 || start >= count)
            {
                return;
            }
            distances = distances[start..];
            items = items[start..];
            count -= start;
        }
    }

    private static void SortByInsertion(Span<double> distances, Span<int> items)
    {
        for (int i = 1; i < items.Length; i++)
        {
            for (int at = i; at > 0 && distances[at - 1] > distances[at]; at--)
            {
                Swap(distances, items, at, at - 1);
            }
        }
    }

    /// <summary>Puts what is less than the pivot to the front and what is greater to the end; returns how many these are.</summary>
    private static (int Less, int Greater) Partition(Span<double> distances, Span<int> items)
    {
        Swap(distances, items, 0, PivotOf(distances));
        double pivot = distances[0];
        int length = items.Length;
        int equalEnd = 1;
        int left = 1;
        int right = length - 1;
        int equalStart = length - 1;
        while (true)
        {
            for (; left <= right && distances[left] <= pivot; left++)
            {
                if (distances[left] == pivot)
                {
                    Swap(distances, items, equalEnd++, left);
                }
            }
            for (; left <= right && distances[right] >= pivot; right--)
            {
                if (distances[right] == pivot)
                {
                    Swap(distances, items, right, equalStart--);
                }
            }
            if (left > right)
            {
                break;
            }
            Swap(distances, items, left++, right--);
        }

        // What equals the pivot was gathered at both ends; it belongs between the two parts.
        int less = left - equalEnd;
        int greater = equalStart - right;
        SwapRanges(distances, items, 0, left - Math.Min(equalEnd, less), Math.Min(equalEnd, less));
        int behind = Math.Min(greater, length - 1 - equalStart);
        SwapRanges(distances, items, left, length - behind, behind);
        return (less, greater);
    }

    private static int PivotOf(ReadOnlySpan<double> distances)
    {
        int length = distances.Length;
        int middle = length / 2;
        if (length == InsertionMax + 1)
        {
            return middle;
        }
        int first = 0;
        int last = length - 1;
        if (length >= MedianOfNineMin)
        {
            int part = length / 8;
            first = MedianOf(distances, 0, part, 2 * part);
            middle = MedianOf(distances, middle - part, middle, middle + part);
            last = MedianOf(distances, last - (2 * part), last - part, last);
        }
        return MedianOf(distances, first, middle, last);
    }

    private static int MedianOf(ReadOnlySpan<double> distances, int a, int b, int c)
    {
        if (distances[a] < distances[b])
        {
            return distances[b] < distances[c] ? b : distances[a] < distances[c] ? c : a;
        }
        return distances[b] > distances[c] ? b : distances[a] < distances[c] ? a : c;
    }

    private static void SwapRanges(Span<double> distances, Span<int> items, int a, int b, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Swap(distances, items, a + i, b + i);
        }
    }

    private static void Swap(Span<double> distances, Span<int> items, int a, int b)
    {
        (distances[a], distances[b]) = (distances[b], distances[a]);
        (items[a], items[b]) = (items[b], items[a]);
    }
}
