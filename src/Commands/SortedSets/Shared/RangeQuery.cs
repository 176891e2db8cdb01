using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types.SortedSets;

namespace Bixbite.Commands.SortedSets.Shared;

/// <summary>The kind of a range's bounds.</summary>
internal enum RangeKind
{
    /// <summary>The options tell; ranks without any.</summary>
    Open,
    Rank,
    Score,
    Lex,
}

/// <summary>A range of a sorted set as a client asks for it: kind, bounds, direction, limit. It holds the arguments' bytes.</summary>
internal ref struct RangeQuery
{
    private const long NoLimit = -1;

    private long _first;
    private long _last;
    private long _offset;
    private long _limit;
    private ScoreRange _scores;
    private LexRange _members;

    public RangeQuery()
    {
        _limit = NoLimit;
    }

    public RangeKind Kind { get; set; }

    public bool IsReversed { get; private set; }

    public bool WithScores { get; private set; }

    /// <summary>
    /// Reads key, bounds and options from the key's position on; answers the error otherwise. A command that names kind and direction
    /// itself takes no options for them, and one that stores takes none for the reply.
    /// </summary>
    public bool TryRead(CommandContext context, int keyIndex, RangeKind kind, bool isReversed = false, bool isStored = false)
    {
        Kind = kind;
        IsReversed = isReversed;
        if (!TryReadOptions(context, keyIndex + 3, isOpen: kind == RangeKind.Open, isStored))
        {
            return false;
        }
        if (Kind == RangeKind.Open)
        {
            Kind = RangeKind.Rank;
        }
        if (_limit != NoLimit && Kind == RangeKind.Rank)
        {
            context.Reply.Error(ErrorText.LimitOfRanks);
            return false;
        }
        if (WithScores && Kind == RangeKind.Lex)
        {
            context.Reply.Error(ErrorText.WithScoresOfLex);
            return false;
        }
        bool isMaxFirst = IsReversed && Kind != RangeKind.Rank;
        return isMaxFirst
            ? TryReadBounds(context, keyIndex + 2, keyIndex + 1)
            : TryReadBounds(context, keyIndex + 1, keyIndex + 2);
    }

    /// <summary>Reads the bounds alone; answers the error otherwise.</summary>
    public bool TryReadBounds(CommandContext context, int minIndex, int maxIndex)
    {
        switch (Kind)
        {
            case RangeKind.Score:
                return RangeArguments.TryReadScores(context.Reply, context[minIndex], context[maxIndex], out _scores);
            case RangeKind.Lex:
                return RangeArguments.TryReadMembers(context.Reply, context[minIndex], context[maxIndex], out _members);
            default:
                bool isValid = Integers.TryParse(context[minIndex], out _first) & Integers.TryParse(context[maxIndex], out _last);
                if (!isValid)
                {
                    context.Reply.Error(ErrorText.NotAnInteger);
                }
                return isValid;
        }
    }

    /// <summary>The elements of a set that are meant, to be read in the query's direction.</summary>
    public readonly RankRange RangeIn(SortedSetValue set) => Kind switch
    {
        RangeKind.Score => set.RangeOf(_scores).Limit(_offset, _limit, IsReversed),
        RangeKind.Lex => set.RangeOf(_members).Limit(_offset, _limit, IsReversed),
        _ => RankRange.OfPositions(_first, _last, set.Count, IsReversed),
    };

    private bool TryReadOptions(CommandContext context, int position, bool isOpen, bool isStored)
    {
        bool isDirectionOpen = isOpen;
        var arguments = new ArgumentReader(context, position);
        while (!arguments.IsAtEnd)
        {
            if (!isStored && arguments.Match("withscores"u8))
            {
                WithScores = true;
            }
            else if (arguments.Match("limit"u8, valueCount: 2))
            {
                _offset = arguments.Integer();
                _limit = arguments.Integer();
            }
            else if (isDirectionOpen && arguments.Match("rev"u8))
            {
                IsReversed = true;
                isDirectionOpen = false;
            }
            else if (isOpen && Kind == RangeKind.Open && arguments.Match("bylex"u8))
            {
                Kind = RangeKind.Lex;
            }
            else if (isOpen && Kind == RangeKind.Open && arguments.Match("byscore"u8))
            {
                Kind = RangeKind.Score;
            }
            else
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        return !arguments.AnswerFailure();
    }
}
