using System.Diagnostics;
using System.Runtime.InteropServices;
using Bixbite.Memory;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Hashes;
using Bixbite.Types.Strings;

namespace Bixbite.Keyspace;

/// <summary>
/// A key with its metadata and, if it is small, its value: one block of the heap.
/// <code>
///  0        1        2                 4                     8
///  +--------+--------+-----------------+---------------------+
///  | type   | flags  | inl.length 12|4 | access 24 | keylen 8|     4: a bit for each lane of snapshots that awaits the record
///  +--------+--------+-----------------+---------------------+
///  | deadline, Unix ms, 8 bytes        |  if HasDeadline
///  +-----------------------------------+
///  | key length, 4 bytes               |  if LongKey (keylen = 255)
///  +-----------------------------------+
///  | key                               |
///  +-----------------------------------+
///  | string: Integer  4 or 8 bytes     |
///  |         Inline   inline length    |
///  |         Block    8 address, 8 size|
///  | collection: see ValueSlot         |
///  +-----------------------------------+
/// </code>
/// The record has exactly one owner, its slot in the database's index, so it can be moved: whoever moves it replaces the slot.
/// A <see cref="Record"/> is only the address; it is stale after the next change of the key, and whoever holds one must not
/// keep it across such a change. The class that frees and creates records is <see cref="Database"/>.
/// </summary>
public readonly struct Record
{
    private const int DeadlineSize = 8;
    private const int LongKeySize = 4;
    private const int ShortKeyLengthMax = 254;
    private const uint AccessMask = 0xFF_FFFF;
    internal const int BlockFieldSize = 16;
    private const RecordFlags ValueFlagsMask = RecordFlags.Raw | RecordFlags.HasFieldDeadlines | RecordFlags.Encoding;
    private const int EncodingShift = 6;

    internal readonly ulong Address;

    internal Record(ulong address) => Address = address;

    public bool IsNone => Address == 0;

    public KeyType Type => Header.Type;

    public StringEncoding StringEncoding
    {
        get
        {
            Debug.Assert(Type == KeyType.String, "Only strings have a string encoding.");
            return (StringEncoding)((byte)Header.Flags >> EncodingShift);
        }
    }

    /// <summary>Some fields of the hash expire.</summary>
    public bool HasFieldDeadlines => (Header.Flags & RecordFlags.HasFieldDeadlines) != 0;

    /// <summary>Something happens to the key by itself: it expires, or some of its fields do.</summary>
    internal bool HasAnyDeadline => (Header.Flags & (RecordFlags.HasDeadline | RecordFlags.HasFieldDeadlines)) != 0;

    /// <summary>When something happens to the key by itself: its deadline or its next field's, or <see cref="Deadline.None"/>.</summary>
    internal long WakeMs
    {
        get
        {
            if (!HasFieldDeadlines)
            {
                return DeadlineMs;
            }
            long fieldMs = FieldDeadlines.NextMsAt(ValueAddress);
            return HasDeadline ? Math.Min(DeadlineMs, fieldMs) : fieldMs;
        }
    }

    /// <summary>The layout of a collection's value.</summary>
    public ValueLayout Layout
    {
        get
        {
            Debug.Assert(Type != KeyType.String, "Strings have encodings.");
            return ValueSlot.LayoutAt(ValueAddress);
        }
    }

    /// <summary>Set when the bytes were edited in place, as by APPEND or SETBIT.</summary>
    public bool IsRaw => (Header.Flags & RecordFlags.Raw) != 0;

    public bool HasDeadline => (Header.Flags & RecordFlags.HasDeadline) != 0;

    /// <summary>When the key expires, in Unix milliseconds, or <see cref="Deadline.None"/>.</summary>
    public long DeadlineMs => HasDeadline ? Native.At<long>(Address + RecordHeader.SizeOf) : Deadline.None;

    /// <summary>The 24-bit access clock: see <see cref="AccessClock"/>.</summary>
    public uint Access
    {
        get => Header.AccessAndKeyLength & AccessMask;
        internal set => Header.AccessAndKeyLength = (Header.AccessAndKeyLength & ~AccessMask) | (value & AccessMask);
    }

    /// <summary>The key's bytes; valid until the record changes.</summary>
    public ReadOnlySpan<byte> Key
    {
        get
        {
            (int offset, int length) = KeyRange();
            return Native.Bytes(Address + (uint)offset, length);
        }
    }

    /// <summary>Length of the string value in bytes, for any encoding.</summary>
    public long TextLength => StringEncoding switch
    {
        StringEncoding.Integer => Integers.SizeOf(Integer),
        StringEncoding.Inline => Header.InlineLength,
        _ => BlockField.Length,
    };

    /// <summary>The block of a string that has one of its own, so that it can be pinned; 0 for other values.</summary>
    public ulong TextBlock =>
        Type == KeyType.String && StringEncoding == StringEncoding.Block ? BlockField.Address : 0;

    /// <summary>The number of a string with integer encoding.</summary>
    public long Integer
    {
        get
        {
            Debug.Assert(StringEncoding == StringEncoding.Integer, "The value is not an integer.");
            ReadOnlySpan<byte> value = Native.Bytes(Address + (uint)ValueOffset, Header.InlineLength);
            return value.Length == sizeof(int) ? MemoryMarshal.Read<int>(value) : MemoryMarshal.Read<long>(value);
        }
        internal set
        {
            Span<byte> target = Native.Bytes(Address + (uint)ValueOffset, Header.InlineLength);
            Debug.Assert(IntegerSizeOf(value) <= target.Length, "The number does not fit its field.");
            if (target.Length == sizeof(int))
            {
                MemoryMarshal.Write(target, (int)value);
            }
            else
            {
                MemoryMarshal.Write(target, value);
            }
        }
    }

    /// <summary>The address of what the record owns beside its own block, a string's bytes or a collection's root; 0 if nothing.</summary>
    internal ulong Owned => Type == KeyType.String
        ? TextBlock
        : Layout == ValueLayout.Root ? ValueSlot.RootAt(ValueAddress) : 0;

    /// <summary>The flags that say something about the value.</summary>
    internal RecordFlags ValueFlags => Header.Flags & ValueFlagsMask;

    internal ref RecordHeader Header => ref Native.At<RecordHeader>(Address);

    internal int ValueOffset
    {
        get
        {
            (int offset, int length) = KeyRange();
            return offset + length;
        }
    }

    internal ulong ValueAddress => Address + (uint)ValueOffset;

    internal BlockField BlockField
    {
        get => MemoryMarshal.Read<BlockField>(Native.Bytes(Address + (uint)ValueOffset, BlockFieldSize));
        set => MemoryMarshal.Write(Native.Bytes(Address + (uint)ValueOffset, BlockFieldSize), value);
    }

    /// <summary>The bytes of the value area inside the record.</summary>
    internal int ValueSize
    {
        get
        {
            if (Type != KeyType.String)
            {
                return ValueSlot.SizeAt(ValueAddress);
            }
            return StringEncoding == StringEncoding.Block ? BlockFieldSize : Header.InlineLength;
        }
    }

    /// <summary>The bytes of the record that are in use; its block may be a little larger.</summary>
    internal int Size => ValueOffset + ValueSize;

    /// <summary>
    /// The string's text. Integers are written into <paramref name="scratch"/>, which must hold <see cref="Integers.SizeMax"/>
    /// bytes; other encodings give their own bytes, valid until the key changes.
    /// </summary>
    public ReadOnlySpan<byte> Text(Span<byte> scratch)
    {
        switch (StringEncoding)
        {
            case StringEncoding.Integer:
                return scratch[..Integers.Format(Integer, scratch)];
            case StringEncoding.Inline:
                (int offset, int length) = KeyRange();
                return Native.Bytes(Address + (uint)(offset + length), Header.InlineLength);
            default:
                BlockField block = BlockField;
                return Native.Bytes(block.Address, (int)block.Length);
        }
    }

    /// <summary>The reply of OBJECT ENCODING.</summary>
    public ReadOnlySpan<byte> EncodingName(ValueTypes types)
    {
        if (Type != KeyType.String)
        {
            return types.Collection(Type).EncodingName(Layout);
        }
        if (StringEncoding == StringEncoding.Integer)
        {
            return "int"u8;
        }
        return IsRaw || TextLength > StringForm.EmbeddedNameSizeMax ? "raw"u8 : "embstr"u8;
    }

    /// <summary>The flags of a string with this encoding.</summary>
    internal static RecordFlags FlagsOf(StringEncoding encoding) => (RecordFlags)((int)encoding << EncodingShift);

    /// <summary>Bytes that an integer takes in a record: counters are mostly small.</summary>
    internal static int IntegerSizeOf(long value) => value == (int)value ? sizeof(int) : sizeof(long);

    /// <summary>The bytes that a record takes for this key, deadline and value area.</summary>
    internal static long SizeFor(int keyLength, bool hasDeadline, long valueSize) =>
        RecordHeader.SizeOf + (hasDeadline ? DeadlineSize : 0) + (keyLength > ShortKeyLengthMax ? LongKeySize : 0) + keyLength + valueSize;

    /// <summary>
    /// Writes everything but the value into a block of at least <see cref="SizeFor"/> bytes and returns the value area's offset.
    /// The key may lie inside the same block (a record that grows in place): it is moved first. Of the flags those are given that
    /// say something about the value.
    /// </summary>
    internal int Initialize(ReadOnlySpan<byte> key, long deadlineMs, KeyType type, RecordFlags valueFlags, int inlineLength, uint access)
    {
        bool hasDeadline = deadlineMs != Deadline.None;
        bool isLong = key.Length > ShortKeyLengthMax;
        int keyOffset = RecordHeader.SizeOf + (hasDeadline ? DeadlineSize : 0) + (isLong ? LongKeySize : 0);
        key.CopyTo(Native.Bytes(Address + (uint)keyOffset, key.Length));
        if (isLong)
        {
            MemoryMarshal.Write(Native.Bytes(Address + (uint)(keyOffset - LongKeySize), LongKeySize), key.Length);
        }
        if (hasDeadline)
        {
            Native.At<long>(Address + RecordHeader.SizeOf) = deadlineMs;
        }
        ref RecordHeader header = ref Header;
        header.Type = type;
        header.Flags = (hasDeadline ? RecordFlags.HasDeadline : 0) | (isLong ? RecordFlags.LongKey : 0) | valueFlags;
        header.LengthAndLanes = (ushort)inlineLength;
        header.AccessAndKeyLength = (access & AccessMask) | ((uint)(isLong ? byte.MaxValue : key.Length) << 24);
        return keyOffset + key.Length;
    }

    internal void OverwriteDeadline(long deadlineMs)
    {
        Debug.Assert(HasDeadline, "The record has no room for a deadline.");
        Native.At<long>(Address + RecordHeader.SizeOf) = deadlineMs;
    }

    private (int Offset, int Length) KeyRange()
    {
        ref RecordHeader header = ref Header;
        int offset = RecordHeader.SizeOf + (((int)header.Flags & (int)RecordFlags.HasDeadline) * DeadlineSize);
        int length = (int)(header.AccessAndKeyLength >> 24);
        if ((header.Flags & RecordFlags.LongKey) != 0)
        {
            length = MemoryMarshal.Read<int>(Native.Bytes(Address + (uint)offset, LongKeySize));
            offset += LongKeySize;
        }
        return (offset, length);
    }
}
