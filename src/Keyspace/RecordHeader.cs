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

    /// <summary>Bytes of an inline string or of an integer; 0 for other values.</summary>
    public ushort InlineLength;

    /// <summary>
    /// Low 24 bits: the access clock (LRU seconds, or LFU minutes and counter). High 8 bits: the key's length, 255 = see the long key
    /// field.
    /// </summary>
    public uint AccessAndKeyLength;
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

    /// <summary>A snapshot under way has not taken the record yet: see <see cref="Snapshot"/>. No meaning without one.</summary>
    IsAwaited = 16,

    /// <summary>Two bits: the encoding of a string. Collections tell theirs in their value.</summary>
    Encoding = 128 | 64,
}
