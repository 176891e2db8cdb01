using System.Runtime.CompilerServices;

namespace Bixbite.Lua.Values;

/// <summary>
/// A table: an array for the keys 1 to n, at least half of which are in use, and a hash for all others.
///
///   array   | 1 | 2 | 3 | ... | n |                   nil where there is none
///   nodes   | key, value, next | ... | 2^k of them    chained scatter with Brent's variation: a key that is not at its main position
///                                                     collides with one that is
///
/// Sizes change only when a new key finds no free node: all keys are counted, and the array gets the largest size that is half full.
/// Layout, growth and hash are those of Lua 5.1, so that <c>next</c> goes in its order wherever that does not depend on addresses.
/// </summary>
public sealed class LuaTable : LuaObject
{
    internal const long OwnBytes = 88;

    /// <summary>A search along a chain that is longer counts as work: keys may have been chosen to collide.</summary>
    private const int FreeSteps = 8;

    /// <summary>Passing 2 to the power of this many places at once counts as an instruction.</summary>
    private const int PlacesPerStep = 3;

    /// <summary>Comparing 2 to the power of this many bytes counts as an instruction.</summary>
    private const int BytesPerStep = 5;

    private static readonly TableNode[] s_noNodes = [TableNode.Empty];

    private readonly LuaMemory _memory;
    private LuaValue[] _array = [];
    private TableNode[] _nodes = s_noNodes;
    private int _lastFree;

    /// <summary>The place of the node that <see cref="Next"/> went to last.</summary>
    private int _lastNext;
    private LuaTable? _metatable;

    internal LuaTable(LuaMemory memory, int arraySize, int hashSize)
    {
        _memory = memory;
        if (arraySize > 0)
        {
            _array = NewArray(arraySize);
        }
        if (hashSize > 0)
        {
            NewNodes(hashSize);
        }
    }

    public override LuaType Type => LuaType.Table;

    public LuaTable? Metatable
    {
        get => _metatable;
        set => _metatable = value;
    }

    /// <summary>Scripts cannot change it: the machine and the libraries ask before they do. The host's own writes go through.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>A bit for each event that this table, as a metatable, is known not to have; any new key clears them.</summary>
    internal uint AbsentEvents { get; set; }

    internal Span<LuaValue> ArrayPart => _array;

    internal Span<TableNode> NodePart => ReferenceEquals(_nodes, s_noNodes) ? [] : _nodes;

    /// <summary>Bytes that it holds by itself.</summary>
    internal long Bytes => OwnBytes + TableSizes.ArrayBytes(_array.Length) + TableSizes.NodeBytes(NodePart.Length);

    /// <summary>Raw access: nil where there is nothing, and nil removes.</summary>
    public LuaValue this[LuaValue key]
    {
        get => Find(key);
        set => Set(key, value);
    }

    /// <summary>A border: n with a value at n and none at n + 1; 0 if there is none at 1.</summary>
    public int Length
    {
        get
        {
            int end = _array.Length;
            if (end > 0 && _array[end - 1].IsNil)
            {
                return TableBorder.Within(_array);
            }
            return ReferenceEquals(_nodes, s_noNodes) ? end : TableBorder.Beyond(this, end);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LuaValue Get(int key)
    {
        LuaValue[] array = _array;
        return (uint)(key - 1) < (uint)array.Length ? array[key - 1] : FindNumber(key);
    }

    public LuaValue Get(LuaString key) => At(key);

    /// <summary>The value of a key, or nil; valid until the table changes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref readonly LuaValue At(LuaString key)
    {
        TableNode[] nodes = _nodes;
        ref readonly TableNode node = ref nodes[(int)key.Hash & (nodes.Length - 1)];
        if (ReferenceEquals(node.Key.Object, key))
        {
            return ref node.Value;
        }
        return ref FindString(key);
    }

    public LuaValue Find(LuaValue key)
    {
        switch (key.Object)
        {
            case null:
                double number = key.Number;
                int whole = double.ConvertToIntegerNative<int>(number);
                return whole == number ? Get(whole) : FindNumber(number);
            case LuaString text:
                return Get(text);
            default:
                int at = NodeOf(key);
                return at < 0 ? LuaValue.Nil : _nodes[at].Value;
        }
    }

    /// <summary>Replaces the value of a key that has one, or is within the array; false if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryReplace(int key, in LuaValue value)
    {
        LuaValue[] array = _array;
        if ((uint)(key - 1) < (uint)array.Length)
        {
            ref LuaValue slot = ref array[key - 1];
            if ((_metatable is null || !slot.IsNil) && !IsReadOnly)
            {
                LuaValue.Copy(ref slot, value);
                return true;
            }
        }
        return false;
    }

    /// <summary>Replaces the value of a key that has one; false if it has none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryReplace(LuaString key, in LuaValue value)
    {
        TableNode[] nodes = _nodes;
        ref TableNode node = ref nodes[(int)key.Hash & (nodes.Length - 1)];
        if (ReferenceEquals(node.Key.Object, key) && !node.Value.IsNil && !IsReadOnly)
        {
            LuaValue.Copy(ref node.Value, value);
            return true;
        }
        return false;
    }

    /// <summary>Adds a key whose main position was never used, so that it cannot be there; false if it was.</summary>
    internal bool TryAdd(LuaString key, in LuaValue value)
    {
        TableNode[] nodes = _nodes;
        ref TableNode node = ref nodes[(int)key.Hash & (nodes.Length - 1)];
        if (!node.Key.IsNil || _metatable is not null || IsReadOnly || ReferenceEquals(nodes, s_noNodes))
        {
            return false;
        }
        AbsentEvents = 0;
        node.Key = key;
        node.Value = value;
        return true;
    }

    public void Set(int key, LuaValue value)
    {
        LuaValue[] array = _array;
        if ((uint)(key - 1) < (uint)array.Length)
        {
            LuaValue.Copy(ref array[key - 1], value);
            return;
        }
        Store(new LuaValue((double)key), value);
    }

    public void Set(LuaString key, LuaValue value) => Store(key, value);

    /// <exception cref="LuaException">The key is nil or not a number.</exception>
    public void Set(LuaValue key, LuaValue value)
    {
        if (key.Object is null)
        {
            int whole = double.ConvertToIntegerNative<int>(key.Number);
            if (whole == key.Number)
            {
                Set(whole, value);
                return;
            }
        }
        CheckKey(key);
        Store(key, value);
    }

    /// <summary>Throws if scripts must not change it.</summary>
    public void RequireWritable()
    {
        if (IsReadOnly)
        {
            throw LuaException.At("Attempt to modify a readonly table");
        }
    }

    /// <summary>Throws if nothing can be stored under a key.</summary>
    internal static void CheckKey(LuaValue key)
    {
        if (key.IsNil)
        {
            throw LuaException.At("table index is nil");
        }
        if (double.IsNaN(key.Number))
        {
            throw LuaException.At("table index is NaN");
        }
    }

    /// <summary>Goes to the entry after a key; nil is before the first. False after the last.</summary>
    /// <exception cref="LuaException">There is no such key.</exception>
    public bool Next(ref LuaValue key, out LuaValue value)
    {
        int index = IndexAfter(key);
        int start = index;
        for (; index < _array.Length; index++)
        {
            if (!_array[index].IsNil)
            {
                CountPlaces(index - start);
                key = new LuaValue((double)(index + 1));
                value = _array[index];
                return true;
            }
        }
        ReadOnlySpan<TableNode> nodes = _nodes;
        CountPlaces(index - start);
        index -= _array.Length;
        for (start = index; index < nodes.Length; index++)
        {
            if (!nodes[index].Value.IsNil)
            {
                CountPlaces(index - start);
                _lastNext = index;
                key = nodes[index].Key;
                value = nodes[index].Value;
                return true;
            }
        }
        CountPlaces(index - start);
        value = LuaValue.Nil;
        return false;
    }

    /// <summary>
    /// Sets the element after the last one of a table that has only elements, all of them: what a rehash would find out is known.
    /// </summary>
    internal void Append(int key, in LuaValue value)
    {
        if (key > _array.Length)
        {
            _memory.Fuel -= _array.Length >> PlacesPerStep;
            Resize(Math.Max(1, 2 * _array.Length), 0);
        }
        LuaValue.Copy(ref _array[key - 1], value);
    }

    /// <summary>Sets the elements after an index, and makes the array large enough for them.</summary>
    internal void SetRange(int after, ReadOnlySpan<LuaValue> values)
    {
        if (after + values.Length > _array.Length)
        {
            Resize(after + values.Length, ReferenceEquals(_nodes, s_noNodes) ? 0 : _nodes.Length);
        }
        values.CopyTo(_array.AsSpan(after));
    }

    private ref readonly LuaValue FindString(LuaString key)
    {
        TableNode[] nodes = _nodes;
        int at = (int)key.Hash & (nodes.Length - 1);
        int steps = 0;
        do
        {
            ref readonly TableNode node = ref nodes[at];
            if (ReferenceEquals(node.Key.Object, key))
            {
                CountSteps(steps);
                return ref node.Value;
            }
            if (node.Key.Object is LuaString text && text.Length == key.Length && text.Equals(key))
            {
                CountSteps(steps + (key.Length >> BytesPerStep));
                return ref node.Value;
            }
            at = node.Next;
            steps++;
        }
        while (at >= 0);
        CountSteps(steps);
        return ref LuaValue.NilReference;
    }

    private LuaValue FindNumber(double key)
    {
        TableNode[] nodes = _nodes;
        int at = PositionOf(key);
        int steps = 0;
        do
        {
            ref readonly TableNode node = ref nodes[at];
            if (node.Key.IsNumber && node.Key.Number == key)
            {
                CountSteps(steps);
                return node.Value;
            }
            at = node.Next;
            steps++;
        }
        while (at >= 0);
        CountSteps(steps);
        return LuaValue.Nil;
    }

    private int NodeOf(LuaValue key)
    {
        TableNode[] nodes = _nodes;
        int at = PositionOf(key);
        int steps = 0;
        do
        {
            if (nodes[at].Key.RawEquals(key))
            {
                break;
            }
            at = nodes[at].Next;
            steps++;
        }
        while (at >= 0);
        CountSteps(steps);
        return at;
    }

    private void CountPlaces(int places) => _memory.Fuel -= places >> PlacesPerStep;

    private void CountSteps(int steps)
    {
        if (steps > FreeSteps)
        {
            _memory.Fuel -= steps;
        }
    }

    private int PositionOf(LuaValue key) => key.Object switch
    {
        null => PositionOf(key.Number),
        LuaString text => (int)text.Hash & (_nodes.Length - 1),
        LuaConstant constant => (ReferenceEquals(constant, LuaConstant.True) ? 1 : 0) & (_nodes.Length - 1),
        { } other => PositionOf((uint)_memory.IdOf(other)),
    };

    private int PositionOf(double key)
    {
        if (key == 0)
        {
            return 0;
        }
        ulong bits = BitConverter.DoubleToUInt64Bits(key);
        return PositionOf((uint)bits + (uint)(bits >> 32));
    }

    private int PositionOf(uint hash) => (int)(hash % (uint)((_nodes.Length - 1) | 1));

    private int IndexAfter(LuaValue key)
    {
        if (key.IsNil)
        {
            return 0;
        }
        if (key.IsNumber)
        {
            int whole = double.ConvertToIntegerNative<int>(key.Number);
            if (whole == key.Number && (uint)(whole - 1) < (uint)_array.Length)
            {
                return whole;
            }
        }
        TableNode[] nodes = _nodes;
        int hint = _lastNext;
        int at = (uint)hint < (uint)nodes.Length && nodes[hint].Key.IsSame(key) ? hint : NodeOf(key);
        return at >= 0 ? _array.Length + at + 1 : throw LuaException.At("invalid key to 'next'");
    }

    /// <summary>A new key takes a place even with the value nil, as in Lua 5.1, whose order depends on it.</summary>
    private void Store(LuaValue key, LuaValue value)
    {
        AbsentEvents = 0;
        int at = NodeOf(key);
        if (at >= 0)
        {
            _nodes[at].Value = value;
        }
        else
        {
            Insert(key, value);
        }
    }

    /// <summary>A key that is not there. Its place may be held by a key whose place it is as well, or by one that went there.</summary>
    private void Insert(LuaValue key, LuaValue value)
    {
        int at = PositionOf(key);
        if (ReferenceEquals(_nodes, s_noNodes) || !_nodes[at].Value.IsNil)
        {
            int free = FreeNode();
            if (free < 0)
            {
                Rehash(key);
                Set(key, value);
                return;
            }
            TableNode[] nodes = _nodes;
            if (PositionOf(nodes[at].Key) != at)
            {
                MoveNode(at, free);
            }
            else
            {
                Link(free, nodes[at].Next);
                Link(at, free);
                at = free;
            }
        }
        _nodes[at].Key = key;
        _nodes[at].Value = value;
    }

    /// <summary>Makes its place free for the key whose main position it is.</summary>
    private void MoveNode(int from, int to)
    {
        TableNode[] nodes = _nodes;
        int before = nodes[from].Previous;
        int after = nodes[from].Next;
        nodes[to].Key = nodes[from].Key;
        nodes[to].Value = nodes[from].Value;
        Link(before, to);
        Link(to, after);
        nodes[from].Next = -1;
        nodes[from].Previous = -1;
    }

    private void Link(int node, int next)
    {
        _nodes[node].Next = next;
        if (next >= 0)
        {
            _nodes[next].Previous = node;
        }
    }

    private int FreeNode()
    {
        while (_lastFree > 0)
        {
            _lastFree--;
            if (_nodes[_lastFree].Key.IsNil)
            {
                return _lastFree;
            }
        }
        return -1;
    }

    private void Rehash(LuaValue extraKey)
    {
        _memory.Fuel -= (_array.Length + _nodes.Length) >> PlacesPerStep;
        Span<int> counts = stackalloc int[27];
        counts.Clear();
        int wholeKeys = 0;
        int all = 1;
        for (int i = 0; i < _array.Length; i++)
        {
            if (!_array[i].IsNil)
            {
                counts[TableSizes.CeilingLog2(i + 1)]++;
                wholeKeys++;
                all++;
            }
        }
        foreach (ref readonly TableNode node in NodePart)
        {
            if (!node.Value.IsNil)
            {
                wholeKeys += TableSizes.CountWhole(node.Key, counts);
                all++;
            }
        }
        wholeKeys += TableSizes.CountWhole(extraKey, counts);
        int arraySize = TableSizes.ArraySize(counts, wholeKeys, out int inArray);
        Resize(arraySize, all - inArray);
    }

    /// <summary>Makes the array of a new table; its bytes are counted before.</summary>
    private LuaValue[] NewArray(int size)
    {
        TableSizes.Check(size, 0);
        _memory.Add(TableSizes.ArrayBytes(size));
        var array = new LuaValue[size];
        EmptyParts.Clear(array);
        return array;
    }

    /// <summary>Makes the nodes of a new table.</summary>
    private void NewNodes(int hashSize)
    {
        TableSizes.Check(0, hashSize);
        int count = 1 << TableSizes.CeilingLog2(hashSize);
        _memory.Add(TableSizes.NodeBytes(count));
        _nodes = new TableNode[count];
        EmptyParts.Clear(_nodes);
        _lastFree = count;
    }

    /// <summary>Counts the new sizes before anything changes.</summary>
    private void Resize(int arraySize, int hashSize)
    {
        TableSizes.Check(arraySize, hashSize);
        int nodeCount = hashSize == 0 ? 0 : 1 << TableSizes.CeilingLog2(hashSize);
        long growth = TableSizes.ArrayBytes(arraySize) + TableSizes.NodeBytes(nodeCount)
            - TableSizes.ArrayBytes(_array.Length) - TableSizes.NodeBytes(NodePart.Length);
        if (growth > 0)
        {
            _memory.Add(growth);
        }
        else
        {
            _memory.Remove(-growth);
        }
        LuaValue[] oldArray = _array;
        TableNode[] oldNodes = _nodes;
        _nodes = nodeCount == 0 ? s_noNodes : new TableNode[nodeCount];
        if (nodeCount > 0)
        {
            EmptyParts.Clear(_nodes);
        }
        _lastFree = nodeCount;
        if (arraySize != oldArray.Length)
        {
            _array = new LuaValue[arraySize];
            int kept = Math.Min(arraySize, oldArray.Length);
            oldArray.AsSpan(0, kept).CopyTo(_array);
            EmptyParts.Clear(_array.AsSpan(kept));
        }
        for (int i = arraySize; i < oldArray.Length; i++)
        {
            if (!oldArray[i].IsNil)
            {
                Restore(i + 1, oldArray[i]);
            }
        }
        for (int i = oldNodes.Length - 1; i >= 0; i--)
        {
            if (!oldNodes[i].Value.IsNil)
            {
                Restore(oldNodes[i].Key, oldNodes[i].Value);
            }
        }
    }

    /// <summary>A key that is known not to be there yet.</summary>
    private void Restore(LuaValue key, LuaValue value)
    {
        int whole = key.IsNumber ? double.ConvertToIntegerNative<int>(key.Number) : 0;
        if ((uint)(whole - 1) < (uint)_array.Length && whole == key.Number)
        {
            _array[whole - 1] = value;
        }
        else
        {
            Insert(key, value);
        }
    }
}
