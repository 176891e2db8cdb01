using System.Diagnostics;
using System.Runtime.CompilerServices;
using Bixbite.Memory;

namespace Bixbite.Protocol;

/// <summary>
/// Finds the requests in a connection's bytes, without copying them: a request is a list of addresses. Two ways lead through the input:
///
///   fast   whole, well-formed multibulk requests, back to back; the hottest loop of the server. It knows no errors and keeps no state: at
///          anything unusual it leaves the request to
///   slow   <see cref="PartialRequest"/>: inline commands, partial requests, every error and every quirk, resumable at any byte.
///
/// A request that arrives in pieces is looked at once by the fast way and from then on only where it has not been looked at, so it costs
/// time in proportion to its size. Memory is spent on bytes received, never on counts announced.
/// One parser serves all connections of a loop.
/// </summary>
public sealed class RequestParser
{
    /// <summary>The least an argument takes: "$0", two line ends.</summary>
    private const int ArgumentSizeMin = 6;

    private const int IdleStatesMax = 16;

    /// <summary>More than the size of any line the fast way reads.</summary>
    private const ulong LineSizeUnit = 16;

    private readonly Stack<ParseState> _idleStates = new(IdleStatesMax);

    /// <summary>
    /// Adds the whole requests at the start of the input to the batch. The caller consumes <see cref="ParseResult.Consumed"/> bytes (or
    /// less: see <see cref="Discard"/>) and presents the rest again, in front of what arrives later.
    /// </summary>
    /// <param name="address">All unconsumed bytes of the connection; they stay put while the batch is in use.</param>
    /// <param name="length">Their count.</param>
    /// <param name="batch">Where the requests go, behind those of other connections.</param>
    /// <param name="state">The connection's: null, or what the call before left for the request at the start of the input.</param>
    /// <param name="limits">What the connection may send.</param>
    /// <param name="looseBlocks">Large arguments that belong into these bytes and lie elsewhere, in the order of their positions.</param>
    public ParseResult Parse(
        ulong address, int length, RequestBatch batch, ref ParseState? state, in ParseLimits limits,
        ReadOnlySpan<LooseBlock> looseBlocks = default)
    {
        ulong start = address;
        ulong end = address + (uint)length;
        int left = limits.RequestCountMax;
        while (true)
        {
            if (state is null)
            {
                start = ParseWhole(start, end, address, batch, ref left, limits);
                if (start == end)
                {
                    return new ParseResult(ParseStatus.Done, length);
                }
                if (left == 0)
                {
                    return new ParseResult(ParseStatus.LimitReached, (int)(start - address));
                }
            }

            state ??= Lend();
            PartialRequest request = new(state, start, end, limits, looseBlocks);
            PartialRequest.Outcome outcome = request.Advance(batch, (int)(start - address));
            if (outcome == PartialRequest.Outcome.NeedMore)
            {
                return Pending((int)(start - address), state, request);
            }
            Discard(ref state);
            if (outcome == PartialRequest.Outcome.Failed)
            {
                return new ParseResult(ParseStatus.ProtocolError, (int)(start - address), 0, request.Error, request.Unexpected);
            }

            start += (uint)request.Size;
            if (outcome == PartialRequest.Outcome.Whole)
            {
                left--;
            }
        }
    }

    /// <summary>
    /// Takes a state back. To be called when the connection closes, and whenever fewer bytes are consumed than the parser reported: the
    /// state speaks of the request after those, which is then no longer the first of the input.
    /// </summary>
    public void Discard(ref ParseState? state)
    {
        if (state is null)
        {
            return;
        }
        state.Reset();
        if (_idleStates.Count < IdleStatesMax)
        {
            _idleStates.Push(state);
        }
        state = null;
    }

    private static ParseResult Pending(int consumed, ParseState state, in PartialRequest request) =>
        new(ParseStatus.NeedMore, consumed, request.PendingSize)
        {
            BulkLength = (int)Math.Max(state.BulkSize, 0),
            BulkStart = consumed + state.Cursor,
            LooseBytes = state.LooseBytes + request.PendingLooseSize,
        };

    private ParseState Lend() => _idleStates.TryPop(out ParseState? state) ? state : new ParseState();

    /// <summary>The fast way; returns where it stopped: at the end, or at the first request that is not its business.</summary>
    private static ulong ParseWhole(ulong start, ulong end, ulong origin, RequestBatch batch, ref int left, in ParseLimits limits)
    {
        int countMax = limits.ArgumentCountMax;
        long sizeMax = Math.Min(limits.BulkSizeAllowed, LooseBlock.LengthMin - 1);
        while (left > 0 && end - start >= 4 + ArgumentSizeMin)
        {
            ulong cursor = start;
            int count = ReadCount(ref cursor, end);
            if ((uint)(count - 1) >= (uint)countMax || (ulong)(uint)count * ArgumentSizeMin > end - cursor)
            {
                break;
            }

            Span<Argument> arguments = batch.Reserve(count);
            for (int index = 0; index < arguments.Length; index++)
            {
                if ((long)(end - cursor) < ArgumentSizeMin)
                {
                    return start;
                }
                long size = ReadSize(ref cursor, end);
                if ((ulong)size > (ulong)sizeMax || (long)(end - cursor) < size + 2)
                {
                    return start;
                }
                arguments[index] = new Argument(cursor, (int)size);
                cursor += (ulong)size + 2;
            }

            batch.Add(count, (int)(cursor - origin));
            start = cursor;
            left--;
        }

        return start;
    }

    /// <summary>The line "*count" at the cursor, which moves behind it; 0 for anything the slow way should see.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadCount(ref ulong cursor, ulong end)
    {
        uint word = Native.At<uint>(cursor);
        if ((word & 0xFFFF_00FF) == 0x0A0D_002A)
        {
            cursor += 4;
            int digit = (int)(word >> 8 & 0xFF) - '0';
            return digit <= 9 ? digit : 0;
        }

        if ((byte)word != '*')
        {
            return 0;
        }
        ulong line = ReadNumber(cursor, end);
        cursor += line % LineSizeUnit;
        return (int)(line / LineSizeUnit);
    }

    /// <summary>
    /// The line "$size" at the cursor, which moves behind it; negative for anything the slow way should see. At least
    /// <see cref="ArgumentSizeMin"/> bytes have to be there.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long ReadSize(ref ulong cursor, ulong end)
    {
        uint word = Native.At<uint>(cursor);
        if ((word & 0xFFFF_00FF) == 0x0A0D_0024)
        {
            cursor += 4;
            uint digit = (word >> 8 & 0xFF) - '0';
            return digit <= 9 ? digit : -1;
        }

        if ((word & 0xFF00_00FF) == 0x0D00_0024 && Native.At<byte>(cursor + 4) == '\n')
        {
            cursor += 5;
            uint tens = (word >> 8 & 0xFF) - '0';
            uint ones = (word >> 16 & 0xFF) - '0';
            return tens - 1 <= 8 && ones <= 9 ? tens * 10 + ones : -1;
        }

        if ((byte)word != '$')
        {
            return -1;
        }
        ulong line = ReadNumber(cursor, end);
        cursor += line % LineSizeUnit;
        return (long)(line / LineSizeUnit) - (line == 0 ? 1 : 0);
    }

    /// <summary>
    /// A type byte, a number of up to 9 digits and a line end: the number times <see cref="LineSizeUnit"/> plus the line's size, in one
    /// word so that the callers' cursor stays in a register. 0 if it is anything else.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong ReadNumber(ulong cursor, ulong end)
    {
        ulong position = cursor + 1;
        ulong digitsEnd = Math.Min(position + 9, end);
        ulong number = 0;
        while (position < digitsEnd)
        {
            uint digit = (uint)Native.At<byte>(position) - '0';
            if (digit > 9)
            {
                break;
            }
            number = number * 10 + digit;
            position++;
        }

        bool isPlain = position > cursor + 1 && end - position >= 2 && Native.At<byte>(cursor + 1) != '0'
            && Native.At<byte>(position) == '\r' && Native.At<byte>(position + 1) == '\n';
        Debug.Assert(!isPlain || number is > 0 and < 1_000_000_000);
        return isPlain ? number * LineSizeUnit + (position + 2 - cursor) : 0;
    }
}
