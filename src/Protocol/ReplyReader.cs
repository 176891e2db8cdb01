using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Bixbite.Structures.Text;

namespace Bixbite.Protocol;

/// <summary>
/// Reads RESP2 and RESP3 replies from bytes that arrive in any pieces. Aggregates still open are on a stack, and how far the pending line
/// was searched is remembered: every byte is looked at once, and memory follows the bytes received, not the counts announced.
///
///   *2 | %1 | $1 a        open: [Array: 0 of 2] [Map: 1 of 2]      position behind "a"
///
/// After a malformed byte the reader is broken for good: <see cref="IsBroken"/>.
/// </summary>
public sealed class ReplyReader
{
    private const int DepthMax = 128;
    private const int LineSizeMax = 1024 * 1024;

    /// <summary>About the memory that an element takes beside its bytes.</summary>
    private const int ElementCost = 128;

    private readonly long _bulkSizeMax;
    private readonly long _replySizeMax;
    private readonly Stack<OpenAggregate> _open = new();
    private byte[] _bytes = new byte[512];
    private int _position;
    private int _length;
    private int _searched;
    private long _replySize;
    private Reply? _attributes;

    /// <param name="bulkSizeMax">A longer bulk breaks the reader.</param>
    /// <param name="replySizeMax">So does a reply whose bytes and elements take more memory, as nearly as that is known.</param>
    public ReplyReader(long bulkSizeMax = 512L * 1024 * 1024, long replySizeMax = long.MaxValue)
    {
        _bulkSizeMax = Math.Min(bulkSizeMax, int.MaxValue / 2);
        _replySizeMax = replySizeMax;
    }

    private enum Step : byte
    {
        NeedMore,
        Whole,
        Opened,
        Broken,
    }

    public bool IsBroken { get; private set; }

    /// <summary>It is broken by a reply that is larger than it may be.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>Bytes appended and not yet part of a reply: what follows when a reply ends the protocol, as PSYNC's does.</summary>
    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(_position, _length - _position);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length - _length < bytes.Length)
        {
            MakeRoom(bytes.Length);
        }
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>The next whole reply; false if it has not arrived yet or the reader is broken.</summary>
    public bool TryRead([NotNullWhen(true)] out Reply? reply)
    {
        reply = null;
        while (!IsBroken)
        {
            Step step = ReadElement(out Reply? element);
            if (step == Step.NeedMore)
            {
                return false;
            }
            if (step == Step.Broken)
            {
                IsBroken = true;
            }
            if (step == Step.Whole && !IsBroken && Close(element!, out reply))
            {
                _replySize = 0;
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes bytes out of <see cref="Unread"/>.</summary>
    public void Skip(int count)
    {
        Debug.Assert(count >= 0 && count <= _length - _position && _open.Count == 0);
        MoveTo(_position + count);
    }

    /// <summary>Hands a whole element to the innermost open aggregate; true if it is the reply itself.</summary>
    private bool Close(Reply element, [NotNullWhen(true)] out Reply? reply)
    {
        reply = element;
        while (_open.Count != 0)
        {
            OpenAggregate parent = _open.Peek();
            parent.Items.Add(reply);
            if (parent.Items.Count < parent.Count)
            {
                return false;
            }
            _open.Pop();
            reply = parent.Finish();
            if (reply.Kind == ReplyKind.Attribute)
            {
                _attributes = reply;
                return false;
            }
        }

        return true;
    }

    private Step ReadElement(out Reply? element)
    {
        element = null;
        if (!FindLine(out int lineEnd))
        {
            return _length - _position > LineSizeMax + 1 ? Step.Broken : Step.NeedMore;
        }
        if (lineEnd == _position || lineEnd - _position > LineSizeMax)
        {
            return Step.Broken;
        }
        ReplyKind kind = (ReplyKind)_bytes[_position];
        ReadOnlySpan<byte> line = _bytes.AsSpan(_position + 1, lineEnd - _position - 1);
        switch (kind)
        {
            case ReplyKind.Bulk or ReplyKind.BulkError or ReplyKind.Verbatim:
                return ReadBulk(kind, line, lineEnd + 2, out element);
            case ReplyKind.Array or ReplyKind.Map or ReplyKind.Set or ReplyKind.Push or ReplyKind.Attribute:
                return ReadAggregate(kind, line, lineEnd + 2, out element);
            default:
                element = Scalar(kind, line);
                if (element is null)
                {
                    return Step.Broken;
                }
                PassTo(lineEnd + 2);
                return Step.Whole;
        }
    }

    private Step ReadBulk(ReplyKind kind, ReadOnlySpan<byte> line, int start, out Reply? element)
    {
        element = null;
        if (!Integers.TryParse(line, out long size) || size < -1 || size > _bulkSizeMax)
        {
            IsTooLarge = size > _bulkSizeMax;
            return Step.Broken;
        }
        if (size == -1 && kind == ReplyKind.Bulk)
        {
            element = new Reply { Kind = ReplyKind.Null, Attributes = TakeAttributes() };
            PassTo(start);
            return Step.Whole;
        }

        if (size == -1 || (kind == ReplyKind.Verbatim && size < 4))
        {
            return Step.Broken;
        }
        if (_length - start < size + 2)
        {
            return Step.NeedMore;
        }
        ReadOnlySpan<byte> text = _bytes.AsSpan(start, (int)size);
        if (_bytes[start + (int)size] != '\r' || _bytes[start + (int)size + 1] != '\n' || (kind == ReplyKind.Verbatim && text[3] != ':'))
        {
            return Step.Broken;
        }
        bool isVerbatim = kind == ReplyKind.Verbatim;
        element = new Reply
        {
            Kind = kind,
            Bytes = (isVerbatim ? text[4..] : text).ToArray(),
            Format = isVerbatim ? Encoding.Latin1.GetString(text[..3]) : "",
            Attributes = TakeAttributes(),
        };
        PassTo(start + (int)size + 2);
        return Step.Whole;
    }

    private Step ReadAggregate(ReplyKind kind, ReadOnlySpan<byte> line, int start, out Reply? element)
    {
        element = null;
        bool isPaired = kind is ReplyKind.Map or ReplyKind.Attribute;
        if (!Integers.TryParse(line, out long count) || count < -1 || count > (isPaired ? int.MaxValue / 2 : int.MaxValue))
        {
            return Step.Broken;
        }
        // Attributes of attributes would make a chain without an end.
        bool isVoid = kind == ReplyKind.Attribute && (count == 0 || _attributes is not null);
        if (_open.Count >= DepthMax || (count == -1 && kind != ReplyKind.Array) || isVoid)
        {
            return Step.Broken;
        }
        PassTo(start);
        if (count > 0)
        {
            _open.Push(new OpenAggregate(kind, (int)(isPaired ? count * 2 : count), TakeAttributes()));
            return Step.Opened;
        }

        element = new Reply { Kind = count == 0 ? kind : ReplyKind.Null, Attributes = TakeAttributes() };
        return Step.Whole;
    }

    /// <summary>An element of one line, or null if it is malformed.</summary>
    private Reply? Scalar(ReplyKind kind, ReadOnlySpan<byte> line)
    {
        switch (kind)
        {
            case ReplyKind.Simple or ReplyKind.Error:
                return new Reply { Kind = kind, Bytes = line.ToArray(), Attributes = TakeAttributes() };
            case ReplyKind.Integer when Integers.TryParse(line, out long integer):
                return new Reply { Kind = kind, Integer = integer, Attributes = TakeAttributes() };
            case ReplyKind.Null when line.IsEmpty:
                return new Reply { Kind = kind, Attributes = TakeAttributes() };
            case ReplyKind.Boolean when line.Length == 1 && (line[0] is (byte)'t' or (byte)'f'):
                return new Reply { Kind = kind, Integer = line[0] == 't' ? 1 : 0, Attributes = TakeAttributes() };
            case ReplyKind.Double when Doubles.TryParse(line, out double number, allowNaN: true):
                return new Reply { Kind = kind, Double = number, Bytes = line.ToArray(), Attributes = TakeAttributes() };
            case ReplyKind.BigNumber when IsBigNumber(line):
                return new Reply { Kind = kind, Bytes = line.ToArray(), Attributes = TakeAttributes() };
            default:
                return null;
        }
    }

    private static bool IsBigNumber(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> digits = line.StartsWith("-"u8) || line.StartsWith("+"u8) ? line[1..] : line;
        return digits.Length > 0 && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    /// <summary>The CR of a whole line that starts at the position.</summary>
    private bool FindLine(out int lineEnd)
    {
        int index = _bytes.AsSpan(_searched, _length - _searched).IndexOf("\r\n"u8);
        if (index >= 0)
        {
            _searched += index;
            lineEnd = _searched;
            return true;
        }

        _searched = Math.Max(_position, _length - 1);
        lineEnd = 0;
        return false;
    }

    private Reply? TakeAttributes()
    {
        Reply? attributes = _attributes;
        _attributes = null;
        return attributes;
    }

    /// <summary>Goes on behind an element, whose cost is counted.</summary>
    private void PassTo(int position)
    {
        _replySize += position - _position + ElementCost;
        if (_replySize > _replySizeMax)
        {
            IsTooLarge = IsBroken = true;
        }
        MoveTo(position);
    }

    private void MoveTo(int position)
    {
        _position = position;
        _searched = position;
    }

    private void MakeRoom(int count)
    {
        int pending = _length - _position;
        long needed = (long)pending + count;
        byte[] target = needed <= _bytes.Length / 2 ? _bytes : new byte[Math.Min(Math.Max(needed, _bytes.Length * 2L), Array.MaxLength)];
        _bytes.AsSpan(_position, pending).CopyTo(target);
        _bytes = target;
        _searched -= _position;
        _length = pending;
        _position = 0;
    }

    private sealed class OpenAggregate(ReplyKind kind, int count, Reply? attributes)
    {
        public int Count => count;

        public List<Reply> Items { get; } = [];

        public Reply Finish() => new() { Kind = kind, Items = Items, Attributes = attributes };
    }
}
