using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Structures.Checks;

namespace Bixbite.Commands.Keys.Shared;

/// <summary>The parsed arguments of SORT. Positions are those of arguments, 0 where the option is not given.</summary>
internal ref struct SortRequest
{
    public SortRequest(List<int> getIndices)
    {
        getIndices.Clear();
        GetIndices = getIndices;
    }

    public bool IsDescending { get; private set; }

    public bool IsByText { get; private set; }

    /// <summary>Elements left out at the beginning.</summary>
    public long Offset { get; private set; }

    /// <summary>The elements wanted; negative for all.</summary>
    public long Count { get; private set; } = -1;

    public int TargetIndex { get; private set; }

    /// <summary>The last BY. A pattern without an asterisk is the same for all elements: then nothing is sorted.</summary>
    public int WeightIndex { get; private set; }

    /// <summary>The patterns of GET.</summary>
    public List<int> GetIndices { get; }

    /// <summary>How many texts are answered for each element.</summary>
    public readonly int TextsPerElement => Math.Max(GetIndices.Count, 1);

    public bool IsUnsorted { get; private set; }

    /// <summary>Otherwise answers the error.</summary>
    /// <param name="context">The request.</param>
    /// <param name="mayStore">STORE is an option.</param>
    /// <param name="mayReadAll">The client may read every key, so also those that its elements name.</param>
    public bool TryRead(CommandContext context, bool mayStore, bool mayReadAll)
    {
        var arguments = new ArgumentReader(context, 2);
        while (!arguments.IsAtEnd)
        {
            if (arguments.Match("asc"u8))
            {
                IsDescending = false;
            }
            else if (arguments.Match("desc"u8))
            {
                IsDescending = true;
            }
            else if (arguments.Match("alpha"u8))
            {
                IsByText = true;
            }
            else if (arguments.Match("limit"u8, valueCount: 2))
            {
                Offset = arguments.Integer();
                Count = arguments.Integer();
            }
            else if (mayStore && arguments.Match("store"u8, valueCount: 1))
            {
                TargetIndex = arguments.Position;
                arguments.Next();
            }
            else if (arguments.Match("by"u8, valueCount: 1))
            {
                WeightIndex = arguments.Position;
                ReadOnlySpan<byte> pattern = arguments.Next();
                bool isSame = !pattern.Contains((byte)'*');
                IsUnsorted |= isSame;
                if (!isSame && MayBeElsewhere(context, pattern))
                {
                    arguments.Fail(ClusterErrorText.NoSortBy);
                }
                if (!isSame && !mayReadAll)
                {
                    arguments.Fail(AccessErrorText.SortBy);
                }
            }
            else if (arguments.Match("get"u8, valueCount: 1))
            {
                GetIndices.Add(arguments.Position);
                ReadOnlySpan<byte> pattern = arguments.Next();
                if (pattern is not [(byte)'#'] && MayBeElsewhere(context, pattern))
                {
                    arguments.Fail(ClusterErrorText.NoSortGet);
                }
                if (!mayReadAll)
                {
                    arguments.Fail(AccessErrorText.SortGet);
                }
            }
            else
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        return !arguments.AnswerFailure();
    }

    /// <summary>The range of so many elements that LIMIT asks for.</summary>
    public readonly (long First, long Count) RangeOf(long elementCount)
    {
        long first = Math.Clamp(Offset, 0, elementCount);
        long left = elementCount - first;
        return (first, Count < 0 ? left : Math.Min(Count, left));
    }

    /// <summary>In a cluster the keys that elements name must be in the slot of the one that is sorted, as their pattern shows.</summary>
    private static bool MayBeElsewhere(CommandContext context, ReadOnlySpan<byte> pattern) =>
        context.Database.HasSlots && HashSlot.OfPattern(pattern) != HashSlot.Of(context[1]);

    /// <summary>The elements of a set in no order may be stored in none: their texts decide.</summary>
    public void SortByText()
    {
        IsUnsorted = false;
        IsByText = true;
        WeightIndex = 0;
    }
}
