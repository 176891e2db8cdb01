using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Bixbite.Lua.Values;

/// <summary>
/// The names and constants of compiled code and of libraries, and the keys of what is decoded, each once, so that looking a field up mostly
/// compares two references. Open addressing; the hash has a secret, because texts from outside are hashed.
/// </summary>
public sealed class StringPool
{
    /// <summary>Longer strings are seldom keys, in bytes.</summary>
    private const int LengthMax = 40;

    private const int SlotsMin = 256;

    /// <summary>Slots that are looked at together.</summary>
    private const int SlotsAtOnce = 512;

    private readonly LuaMemory _memory;
    private readonly ulong _seed;
    private readonly ulong _factor;
    private LuaString?[] _slots = new LuaString?[SlotsMin];
    private int _count;

    /// <summary>A trim that is under way: of which slots, for which measurement, how far it is, and what stays.</summary>
    private LuaString?[]? _trimmed;
    private int _trimMark;
    private long _trimAt;
    private LuaString?[] _kept = [];
    private int _keptCount;

    public StringPool(LuaMemory memory)
    {
        _memory = memory;
        Span<byte> secret = stackalloc byte[2 * sizeof(ulong)];
        bool isWritten = Guid.NewGuid().TryWriteBytes(secret);
        Debug.Assert(isWritten, "A Guid has 16 bytes, of which the runtime makes all but a few bits at random.");
        _seed = BinaryPrimitives.ReadUInt64LittleEndian(secret);
        _factor = BinaryPrimitives.ReadUInt64LittleEndian(secret[sizeof(ulong)..]) | 1;
    }

    /// <summary>Bytes of the pool itself.</summary>
    internal long Bytes => (long)sizeof(ulong) * _slots.Length;

    /// <summary>The string with these bytes.</summary>
    public LuaString Get(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LengthMax)
        {
            return _memory.NewString(bytes);
        }
        return _slots[Find(_slots, bytes)] ?? Add(_memory.NewString(bytes));
    }

    /// <summary>A name of the host's, a character for each byte.</summary>
    public LuaString Get(string name)
    {
        LuaString text = LuaString.Of(name);
        return _slots[Find(_slots, text.Span)] ?? Add(text);
    }

    /// <summary>
    /// Forgets what the last measurement did not see, until so much work is done; true at the end. Strings that are added meanwhile may be
    /// forgotten as well, and then be two objects each.
    /// </summary>
    internal bool TryTrim(int mark, ref long work)
    {
        LuaString?[] old = _slots;
        if (mark != _trimMark || !ReferenceEquals(_trimmed, old))
        {
            (_trimMark, _trimmed, _trimAt, _keptCount) = (mark, old, 0, 0);
        }

        // All are looked at twice: those that stay are counted, and then put into slots of their own.
        while (_trimAt < 2L * old.Length)
        {
            if (work <= 0)
            {
                return false;
            }
            if (_trimAt == old.Length)
            {
                (_kept, _keptCount) = (new LuaString?[SlotsFor(_keptCount)], 0);
            }
            bool isCounting = _trimAt < old.Length;
            int from = (int)(isCounting ? _trimAt : _trimAt - old.Length);
            int end = Math.Min(from + SlotsAtOnce, old.Length);
            work -= end - from;
            _trimAt += end - from;
            TrimSome(old.AsSpan(from..end), mark, isCounting);
        }
        (_slots, _count, _trimmed) = (_kept, _keptCount, null);
        return true;
    }

    private void TrimSome(ReadOnlySpan<LuaString?> slots, int mark, bool isCounting)
    {
        foreach (LuaString? text in slots)
        {
            if (!IsKept(text, mark))
            {
                continue;
            }
            _keptCount++;
            if (!isCounting)
            {
                _kept[Find(_kept, text!.Span)] = text;
            }
        }
    }

    private static bool IsKept(LuaString? text, int mark) => text is not null && (text.Mark == mark || text.Mark == LuaObject.Uncounted);

    private static int SlotsFor(int count) => Math.Max(SlotsMin, 1 << TableSizes.CeilingLog2(2 * count + 2));

    /// <summary>The slot of a string, or the empty one where it belongs.</summary>
    private int Find(LuaString?[] slots, ReadOnlySpan<byte> bytes)
    {
        int slot = (int)Hash(bytes) & (slots.Length - 1);
        while (slots[slot] is { } text && !(text.Length == bytes.Length && text.Span.SequenceEqual(bytes)))
        {
            slot = (slot + 1) & (slots.Length - 1);
        }
        return slot;
    }

    /// <summary>Adds what is not there. At most half of the slots are used. To allocate may trim, so the slot is looked for anew.</summary>
    private LuaString Add(LuaString text)
    {
        if (2 * (_count + 1) > _slots.Length)
        {
            Grow();
        }
        _slots[Find(_slots, text.Span)] = text;
        _count++;
        return text;
    }

    private void Grow()
    {
        _memory.Add(Bytes);
        LuaString?[] old = _slots;
        _slots = new LuaString?[2 * old.Length];
        foreach (LuaString? text in old)
        {
            if (text is not null)
            {
                _slots[Find(_slots, text.Span)] = text;
            }
        }
    }

    private uint Hash(ReadOnlySpan<byte> bytes)
    {
        ulong hash = _seed ^ (ulong)bytes.Length;
        while (bytes.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        return (uint)Mix(hash ^ Rest(bytes));
    }

    /// <summary>Up to seven bytes as one number; with their count they are told apart.</summary>
    private static ulong Rest(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= sizeof(uint))
        {
            return BinaryPrimitives.ReadUInt32LittleEndian(bytes)
                | (ulong)BinaryPrimitives.ReadUInt32LittleEndian(bytes[^sizeof(uint)..]) << 32;
        }
        return bytes.IsEmpty ? 0 : bytes[0] | (ulong)bytes[bytes.Length >> 1] << 8 | (ulong)bytes[^1] << 16;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Mix(ulong value)
    {
        ulong high = Math.BigMul(value, _factor, out ulong low);
        return high ^ low;
    }
}
