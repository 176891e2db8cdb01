using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Bixbite.Engine.Execution;

/// <summary>
/// Finds a command by the bytes of its name in any letter case. A name is its length and two words of eight bytes, its first and its last
/// ones, folded to lower case; they overlap where the name is shorter than sixteen bytes. So nearly every name is compared in two
/// instructions, in a table with open addressing that is at most a quarter full.
/// </summary>
internal sealed class CommandIndex
{
    private const int SlotCountMin = 16;

    private readonly Dictionary<string, Command> _byName = new(StringComparer.Ordinal);
    private Slot[] _slots = new Slot[SlotCountMin];
    private byte[][] _names = new byte[SlotCountMin][];

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<Command> Commands { get; private set; } = [];

    public Command? Find(ReadOnlySpan<byte> name)
    {
        ulong first = FirstWord(name, out ulong last);
        Slot[] slots = _slots;
        int mask = slots.Length - 1;
        for (int i = Hash(first, last, name.Length) & mask; ; i = (i + 1) & mask)
        {
            ref Slot slot = ref slots[i];
            if (slot.Command is null)
            {
                return null;
            }
            bool isSame = slot.First == first && slot.Last == last && slot.Length == name.Length;
            if (isSame && (name.Length <= 16 || HasSameMiddle(_names[i], name)))
            {
                return slot.Command;
            }
        }
    }

    public void Add(ReadOnlySpan<byte> name, Command command)
    {
        Debug.Assert(Find(name) is null, "a name stands for one command");
        _byName.Add(ToKey(name), command);
        Rebuild();
    }

    /// <summary>Adds many at once.</summary>
    public void AddAll(IEnumerable<Command> commands)
    {
        foreach (Command command in commands)
        {
            _byName.Add(ToKey(command.Name), command);
        }
        Rebuild();
    }

    public bool Remove(ReadOnlySpan<byte> name)
    {
        bool isRemoved = _byName.Remove(ToKey(name));
        Rebuild();
        return isRemoved;
    }

    private void Rebuild()
    {
        string[] keys = [.. _byName.Keys];
        Array.Sort(keys, StringComparer.Ordinal);
        Commands = Array.ConvertAll(keys, key => _byName[key]);
        _slots = new Slot[Math.Max(SlotCountMin, (int)BitOperations.RoundUpToPowerOf2((uint)_byName.Count * 4))];
        _names = new byte[_slots.Length][];
        int mask = _slots.Length - 1;
        foreach ((string key, Command command) in _byName)
        {
            byte[] name = Encoding.Latin1.GetBytes(key);
            ulong first = FirstWord(name, out ulong last);
            int i = Hash(first, last, name.Length) & mask;
            while (_slots[i].Command is not null)
            {
                i = (i + 1) & mask;
            }
            _slots[i] = new Slot { First = first, Last = last, Length = name.Length, Command = command };
            _names[i] = name;
        }
    }

    private static string ToKey(ReadOnlySpan<byte> name) =>
        string.Create(name.Length, name, static (key, bytes) =>
        {
            for (int i = 0; i < key.Length; i++)
            {
                key[i] = (char)(bytes[i] is >= (byte)'A' and <= (byte)'Z' ? bytes[i] + 32 : bytes[i]);
            }
        });

    private static bool HasSameMiddle(byte[] stored, ReadOnlySpan<byte> name)
    {
        for (int i = 8; i < name.Length - 8; i += 8)
        {
            if (Fold(Load(name, i)) != Load(stored, i))
            {
                return false;
            }
        }
        return true;
    }

    private static ulong FirstWord(ReadOnlySpan<byte> name, out ulong last)
    {
        if (name.Length >= 8)
        {
            last = Fold(Load(name, name.Length - 8));
            return Fold(Load(name, 0));
        }
        last = 0;
        if (name.Length >= 4)
        {
            ulong head = MemoryMarshal.Read<uint>(name);
            ulong tail = MemoryMarshal.Read<uint>(name[^4..]);
            return Fold(head | (tail << 32));
        }
        return name.IsEmpty ? 0 : Fold(name[0] | ((ulong)name[name.Length >> 1] << 8) | ((ulong)name[^1] << 16));
    }

    private static ulong Load(ReadOnlySpan<byte> bytes, int position) => MemoryMarshal.Read<ulong>(bytes[position..]);

    /// <summary>
    /// Eight bytes with capital letters made small: a byte's top bit ends up set in exactly one of the two sums if it is a capital.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong word)
    {
        const ulong Ones = 0x0101010101010101;
        ulong low = word & (0x7F * Ones);
        ulong fromA = low + ((0x80 - 'A') * Ones);
        ulong beyondZ = low + ((0x7F - 'Z') * Ones);
        ulong capitals = (fromA ^ beyondZ) & ~word & (0x80 * Ones);
        return word | (capitals >> 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Hash(ulong first, ulong last, int length) =>
        (int)(((first ^ BitOperations.RotateLeft(last, 23) ^ (ulong)length) * 0x9E3779B97F4A7C15) >> 40);

    private struct Slot
    {
        public ulong First;
        public ulong Last;
        public int Length;
        public Command? Command;
    }
}
