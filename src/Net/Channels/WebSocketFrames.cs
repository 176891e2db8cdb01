using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace Bixbite.Net.Channels;

/// <summary>How far taking frames apart has come.</summary>
internal enum WebSocketStep
{
    /// <summary>All input is taken.</summary>
    NeedsInput,

    /// <summary>There is input, and no room for its payload.</summary>
    NeedsRoom,

    /// <summary>A ping is whole; its payload is to be sent back.</summary>
    Ping,

    /// <summary>The peer closes, and says why.</summary>
    Close,

    /// <summary>The peer does not keep to the protocol: <see cref="WebSocketFrames.CloseCode"/> says how.</summary>
    Broken,
}

/// <summary>
/// Takes the frames of a WebSocket's client apart (RFC 6455, section 5): the payload of binary messages, however they are cut into frames,
/// is one stream of bytes. A frame's payload is moved on as it comes, so its length takes no memory.
/// </summary>
/// <remarks>
/// <code>
///   FIN RSV opcode | MASK length | length of 2 or 8 bytes, from 126 and 65536 on | 4 bytes of mask | payload, each xor one of the mask
///    1   3    4        1    7
/// </code>
/// </remarks>
internal sealed class WebSocketFrames
{
    internal const int NormalClosure = 1000;
    internal const int ProtocolError = 1002;
    internal const int UnsupportedData = 1003;
    internal const int InvalidText = 1007;
    internal const int TooBig = 1009;

    /// <summary>The payload of a ping, a pong or a close has at most so many bytes.</summary>
    internal const int ControlSizeMax = 125;

    /// <summary>Longer frames are refused: a message of any length may come in several.</summary>
    internal const long PayloadSizeMax = 1L << 30;

    private const int Continuation = 0;
    private const int Text = 1;
    private const int Binary = 2;
    private const int CloseFrame = 8;
    private const int PingFrame = 9;
    private const int PongFrame = 10;
    private const int MaskSize = 4;
    private const int HeaderSizeMin = 2 + MaskSize;

    private HeaderBytes _header;
    private int _headerLength;
    private long _left;
    private uint _mask;
    private int _opcode;
    private bool _isInFrame;
    private bool _isInMessage;
    private byte[]? _control;
    private int _controlLength;

    /// <summary>Why the connection is closed: what the peer has said, or the fault of what it sent; 0 where it said nothing.</summary>
    internal int CloseCode { get; private set; }

    /// <summary>The payload of the ping.</summary>
    internal ReadOnlySpan<byte> Control => _control.AsSpan(0, _controlLength);

    /// <summary>Takes frames from the front of the input, which is cut, until something is to be done.</summary>
    internal WebSocketStep Take(ref ReadOnlySpan<byte> input, Span<byte> room, out int moved)
    {
        moved = 0;
        while (true)
        {
            if (!_isInFrame && !TryBegin(ref input))
            {
                return CloseCode == 0 ? WebSocketStep.NeedsInput : WebSocketStep.Broken;
            }
            if (_opcode >= CloseFrame)
            {
                if (TakeControl(ref input) is { } step)
                {
                    return step;
                }
                continue;
            }
            int count = (int)Math.Min(_left, Math.Min(input.Length, room.Length - moved));
            Unmask(input[..count], room[moved..]);
            moved += count;
            input = input[count..];
            if (_left > 0)
            {
                return input.IsEmpty ? WebSocketStep.NeedsInput : WebSocketStep.NeedsRoom;
            }
            _isInFrame = false;
        }
    }

    /// <summary>Takes a header; false if it is not whole, or wrong.</summary>
    private bool TryBegin(ref ReadOnlySpan<byte> input)
    {
        Span<byte> header = _header;
        while (_headerLength < 2 && !input.IsEmpty)
        {
            header[_headerLength++] = input[0];
            input = input[1..];
        }
        if (_headerLength < 2 || (CloseCode = ProblemOf(header[0], header[1])) != 0)
        {
            return false;
        }
        int size = HeaderSizeMin + (header[1] & 0x7F) switch { 126 => 2, 127 => 8, _ => 0 };
        int taken = Math.Min(size - _headerLength, input.Length);
        input[..taken].CopyTo(header[_headerLength..]);
        _headerLength += taken;
        input = input[taken..];
        if (_headerLength < size || (CloseCode = ReadLength(header)) != 0)
        {
            return false;
        }
        _mask = BinaryPrimitives.ReadUInt32LittleEndian(header[(size - MaskSize)..]);
        _opcode = header[0] & 0x0F;
        if (_opcode < CloseFrame)
        {
            _isInMessage = (header[0] & 0x80) == 0;
        }
        _isInFrame = true;
        _headerLength = 0;
        _controlLength = 0;
        return true;
    }

    /// <summary>The code to close with for what the first two bytes say, or 0.</summary>
    private int ProblemOf(byte first, byte second)
    {
        bool isLast = (first & 0x80) != 0;
        if ((first & 0x70) != 0 || (second & 0x80) == 0)
        {
            return ProtocolError;
        }
        return (first & 0x0F) switch
        {
            Continuation => _isInMessage ? 0 : ProtocolError,
            Binary => _isInMessage ? ProtocolError : 0,
            Text => UnsupportedData,
            CloseFrame or PingFrame or PongFrame => isLast && (second & 0x7F) <= ControlSizeMax ? 0 : ProtocolError,
            _ => ProtocolError,
        };
    }

    /// <summary>Reads the length, which must be written as short as it can; the code to close with, or 0.</summary>
    private int ReadLength(ReadOnlySpan<byte> header)
    {
        int code = header[1] & 0x7F;
        ulong length = code switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(header[2..]),
            127 => BinaryPrimitives.ReadUInt64BigEndian(header[2..]),
            _ => (ulong)code,
        };
        ulong lengthMin = code switch { 126 => 126, 127 => 1 << 16, _ => 0 };
        if (length < lengthMin || length > long.MaxValue)
        {
            return ProtocolError;
        }
        if (length > PayloadSizeMax)
        {
            return TooBig;
        }
        _left = (long)length;
        return 0;
    }

    /// <summary>Collects the payload of a control frame; null to go on.</summary>
    private WebSocketStep? TakeControl(ref ReadOnlySpan<byte> input)
    {
        _control ??= new byte[ControlSizeMax];
        int count = (int)Math.Min(_left, input.Length);
        Unmask(input[..count], _control.AsSpan(_controlLength));
        _controlLength += count;
        input = input[count..];
        if (_left > 0)
        {
            return WebSocketStep.NeedsInput;
        }
        _isInFrame = false;
        return _opcode switch
        {
            PingFrame => WebSocketStep.Ping,
            CloseFrame => TakeClose(),
            _ => null,
        };
    }

    private WebSocketStep TakeClose()
    {
        ReadOnlySpan<byte> payload = Control;
        if (payload.IsEmpty)
        {
            return WebSocketStep.Close;
        }
        CloseCode = ProtocolError;
        if (payload.Length < 2)
        {
            return WebSocketStep.Broken;
        }
        int code = BinaryPrimitives.ReadUInt16BigEndian(payload);
        if (code is not (>= 1000 and <= 1003 or >= 1007 and <= 1014 or >= 3000 and <= 4999))
        {
            return WebSocketStep.Broken;
        }
        bool isText = Utf8.IsValid(payload[2..]);
        CloseCode = isText ? code : InvalidText;
        return isText ? WebSocketStep.Close : WebSocketStep.Broken;
    }

    /// <summary>Moves payload on, and turns the mask to what follows.</summary>
    private void Unmask(ReadOnlySpan<byte> payload, Span<byte> room)
    {
        ulong wide = _mask | ((ulong)_mask << 32);
        int i = 0;
        for (; i + sizeof(ulong) <= payload.Length; i += sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(room[i..], BinaryPrimitives.ReadUInt64LittleEndian(payload[i..]) ^ wide);
        }
        for (; i < payload.Length; i++)
        {
            room[i] = (byte)(payload[i] ^ (byte)(_mask >> (8 * (i % MaskSize))));
        }
        _mask = BitOperations.RotateRight(_mask, 8 * (payload.Length % MaskSize));
        _left -= payload.Length;
    }

    [InlineArray(HeaderSizeMin + 8)]
    private struct HeaderBytes
    {
        private byte _first;
    }
}
