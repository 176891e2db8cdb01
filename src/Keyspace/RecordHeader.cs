using System.Diagnostics;
using System.Runtime.InteropServices;
using Bixbite.Types;

namespace Bixbite.Keyspace;

/// <summary>The first 8 bytes of a record; see <see cref="Record"/> for the picture.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1, Size = SizeOf)]
internal struct RecordHeader
{
    public const int SizeOf = 8;

    public KeyType Type;

    public RecordFlags Flags;

    /// <summary>Low 12 bits: the inline length. High 4 bits: the lanes that await the record.</summary>
    public ushort LengthAndLanes;

    /// <summary>
    /// Low 24 bits: the access clock (LRU seconds, or LFU minutes and counter). High 8 bits: the key's length, 255 = see the long key
    /// field.
    /// </summary>
    public uint AccessAndKeyLength;

    private const int LengthBits = 12;
    private const int LengthMask = (1 << LengthBits) - 1;

    /// <summary>Bytes of an inline string or of an integer; 0 for other values.</summary>
    public int InlineLength
    {
        readonly get => LengthAndLanes & LengthMask;
        set
        {
            Debug.Assert((value & ~LengthMask) == 0, "An inline length has 12 bits.");
            LengthAndLanes = (ushort)((LengthAndLanes & ~LengthMask) | value);
        }
    }

    /// <summary>
    /// The snapshot in this lane has visited the record and not taken it yet: see <see cref="Snapshot"/>. No meaning without one.
    /// </summary>
    public readonly bool IsAwaitedBy(int lane) => ((LengthAndLanes >> (LengthBits + lane)) & 1) != 0;

    public void SetAwaitedBy(int lane, bool isAwaited)
    {
        int bit = 1 << (LengthBits + lane);
        LengthAndLanes = (ushort)(isAwaited ? LengthAndLanes | bit : LengthAndLanes & ~bit);
    }
}

[Flags]
internal enum RecordFlags : byte
{
    None = 0,
    HasDeadline = 1,
    LongKey = 2,
    Raw = 4,

    /// <summary>A hash with fields that expire.</summary>
    HasFieldDeadlines = 8,

    /// <summary>Two bits: the encoding of a string. Collections tell theirs in their value.</summary>
    Encoding = 128 | 64,
}
