using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams.Shared;

/// <summary>Up to where a stream is trimmed.</summary>
internal enum TrimKind
{
    None,
    MaxLength,
    MinId,
}

/// <summary>
/// The options with which XADD and XTRIM trim: <c>(MAXLEN | MINID) [= | ~] threshold [LIMIT count] [KEEPREF | DELREF | ACKED]</c>.
/// </summary>
internal struct TrimOptions
{
    private const int LimitMax = 1_000_000;
    private const int LimitOfUnlimitedNodes = 10_000;
    private const int NodesPerTrim = 100;

    private bool _hasLimit;

    public TrimKind Kind { get; private set; }

    /// <summary>Whole nodes are removed, and no more entries than the limit.</summary>
    public bool IsApproximate { get; private set; }

    public long MaxLength { get; private set; }

    public StreamId MinId { get; private set; }

    /// <summary>How many entries are removed at most; 0 if as many as there are.</summary>
    public long Limit { get; private set; }

    public ReferencePolicy Policy { get; private set; }

    /// <summary>The position of the policy's word among the request's arguments; 0 if there is none.</summary>
    public int PolicyIndex { get; private set; }

    /// <summary>The position of the threshold among the request's arguments.</summary>
    public int ThresholdIndex { get; private set; }

    /// <summary>The same as the type understands it.</summary>
    public readonly StreamTrim Trim =>
        (Kind == TrimKind.MaxLength ? StreamTrim.ToLength(MaxLength) : StreamTrim.ToMinId(MinId)) with
        {
            IsApproximate = IsApproximate,
            Limit = Limit,
        };

    /// <summary>Whether the stream is still too long, or its first entry with this id too old.</summary>
    public readonly bool Reaches(StreamValue stream, StreamId id) => Kind switch
    {
        TrimKind.MaxLength => stream.Count > MaxLength,
        TrimKind.MinId => id < MinId,
        _ => false,
    };

    /// <summary>Takes the next option if it is one of these.</summary>
    public bool TryRead(ref ArgumentReader arguments)
    {
        if (arguments.Match("maxlen"u8, valueCount: 1))
        {
            BeginThreshold(ref arguments, TrimKind.MaxLength);
            MaxLength = arguments.Integer();
            if (MaxLength < 0)
            {
                arguments.Fail(StreamErrorText.TrimMaxLen);
            }
            return true;
        }
        if (arguments.Match("minid"u8, valueCount: 1))
        {
            BeginThreshold(ref arguments, TrimKind.MinId);
            MinId = arguments.Id();
            return true;
        }
        if (arguments.Match("limit"u8, valueCount: 1))
        {
            _hasLimit = true;
            Limit = arguments.Integer();
            if (Limit < 0)
            {
                arguments.Fail(StreamErrorText.TrimLimit);
            }
            return true;
        }
        int index = arguments.Position;
        if (PolicyIndex == 0 && ReferencePolicies.TryRead(ref arguments, out ReferencePolicy policy))
        {
            PolicyIndex = index;
            Policy = policy;
            return true;
        }
        return false;
    }

    /// <summary>To be called after the last option: checks what only all of them together tell.</summary>
    public void Complete(ref ArgumentReader arguments, bool isRequired, bool isReplaying, long nodeEntriesMax)
    {
        if (Limit != 0 && Kind == TrimKind.None)
        {
            arguments.Fail(StreamErrorText.LimitWithoutTrim);
        }
        else if (isRequired && Kind == TrimKind.None)
        {
            arguments.Fail(StreamErrorText.TrimMissing);
        }
        else if (isReplaying)
        {
            // The threshold was made exact and the limit left standing.
            Limit = 0;
        }
        else if (_hasLimit && !IsApproximate)
        {
            arguments.Fail(StreamErrorText.LimitOfExactTrim);
        }
        else if (IsApproximate && !_hasLimit)
        {
            Limit = nodeEntriesMax <= 0 ? LimitOfUnlimitedNodes : Math.Min(NodesPerTrim * nodeEntriesMax, LimitMax);
        }
    }

    private void BeginThreshold(ref ArgumentReader arguments, TrimKind kind)
    {
        if (Kind != TrimKind.None)
        {
            arguments.Fail(StreamErrorText.TrimTwice);
            return;
        }
        Kind = kind;
        IsApproximate = arguments.Match("~"u8, valueCount: 1);
        if (!IsApproximate)
        {
            arguments.Match("="u8, valueCount: 1);
        }
        ThresholdIndex = arguments.Position;
    }
}
