using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams.Shared;

/// <summary>Ids as clients write them: milliseconds and a sequence number, "1526919030474-55", or the milliseconds alone.</summary>
internal static class IdArguments
{
    /// <summary>As long a text as an id may be, however many zeros lead it.</summary>
    private const int LengthMax = 127;

    /// <summary>Reads an id; without a sequence number it has the one given.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, ulong missingSequence, out StreamId id)
    {
        id = default;
        if (text.Length > LengthMax)
        {
            return false;
        }
        int dash = text.IndexOf((byte)'-');
        ulong sequence = missingSequence;
        if (!TryParseNumber(dash < 0 ? text : text[..dash], out ulong milliseconds)
            || (dash >= 0 && !TryParseNumber(text[(dash + 1)..], out sequence)))
        {
            return false;
        }
        id = new StreamId(milliseconds, sequence);
        return true;
    }

    /// <summary>Reads the milliseconds of "1526919030474-*", whose sequence number is for the server to choose.</summary>
    public static bool TryParseMilliseconds(ReadOnlySpan<byte> text, out ulong milliseconds)
    {
        milliseconds = 0;
        return text.Length <= LengthMax && text.IndexOf((byte)'-') == text.Length - 2 && text.EndsWith("-*"u8)
            && TryParseNumber(text[..^2], out milliseconds);
    }

    /// <summary>The next argument as an id.</summary>
    public static StreamId Id(this ref ArgumentReader arguments)
    {
        ReadOnlySpan<byte> text = arguments.Next();
        if (!TryParse(text, missingSequence: 0, out StreamId id))
        {
            arguments.Fail(StreamErrorText.InvalidId);
        }
        return id;
    }

    /// <summary>The next argument as an id, "-" or "+".</summary>
    public static StreamId IdOrBound(this ref ArgumentReader arguments)
    {
        StreamId id = Bound(ref arguments, missingSequence: 0, out bool isExclusive);
        if (isExclusive)
        {
            arguments.Fail(StreamErrorText.InvalidId);
        }
        return id;
    }

    /// <summary>The next argument as the first id of a range: an id, one that does not belong to it behind a bracket, "-" or "+".</summary>
    public static StreamId IntervalStart(this ref ArgumentReader arguments)
    {
        StreamId id = Bound(ref arguments, missingSequence: 0, out bool isExclusive);
        if (isExclusive && !arguments.HasFailed && !id.TryGetNext(out id))
        {
            arguments.Fail(StreamErrorText.IntervalStart);
        }
        return id;
    }

    /// <summary>The next argument as the last id of a range.</summary>
    public static StreamId IntervalEnd(this ref ArgumentReader arguments)
    {
        StreamId id = Bound(ref arguments, missingSequence: ulong.MaxValue, out bool isExclusive);
        if (isExclusive && !arguments.HasFailed && !id.TryGetPrevious(out id))
        {
            arguments.Fail(StreamErrorText.IntervalEnd);
        }
        return id;
    }

    private static StreamId Bound(ref ArgumentReader arguments, ulong missingSequence, out bool isExclusive)
    {
        ReadOnlySpan<byte> text = arguments.Next();
        isExclusive = text.Length > 1 && text[0] == '(';
        if (text.Length == 1 && text[0] is (byte)'-' or (byte)'+')
        {
            return text[0] == '-' ? StreamId.Min : StreamId.Max;
        }
        if (!TryParse(isExclusive ? text[1..] : text, missingSequence, out StreamId id))
        {
            arguments.Fail(StreamErrorText.InvalidId);
        }
        return id;
    }

    private static bool TryParseNumber(ReadOnlySpan<byte> text, out ulong number) =>
        Integers.TryParse(text, out number) || Integers.TryParseLoose(text, out number);
}
