using Bixbite.Structures.Packed;

namespace Bixbite.Types.Lists;

/// <summary>
/// Elements of a list one after the other, in either direction; valid until the next change.
/// <code>
///   ListReader reader = list.Read(index, count);
///   while (reader.MoveNext()) { ... reader.Current ... }
/// </code>
/// </summary>
public ref struct ListReader
{
    private readonly NodeChain _chain;
    private readonly bool _isBackward;
    private NodePlace _place;
    private ReadOnlySpan<byte> _pack;
    private int _offset;
    private int _nextOffset;
    private long _left;

    /// <summary>Elements of a list that is one listpack.</summary>
    internal ListReader(ReadOnlySpan<byte> pack, int index, long count, bool isBackward)
    {
        _pack = pack;
        _isBackward = isBackward;
        _left = count;
        _nextOffset = count > 0 ? Listpack.Seek(pack, index) : 0;
    }

    /// <summary>Elements of a list of nodes.</summary>
    internal ListReader(NodeChain chain, long index, long count, bool isBackward)
    {
        _chain = chain;
        _isBackward = isBackward;
        _left = count;
        if (count > 0)
        {
            _place = chain.Find(index, out int within);
            _pack = chain.PackAt(_place);
            _nextOffset = Listpack.Seek(_pack, within);
        }
    }

    public readonly ListpackEntry Current => Listpack.At(_pack, _offset);

    public bool MoveNext()
    {
        if (_left <= 0)
        {
            return false;
        }
        _left--;
        _offset = _nextOffset != 0 ? _nextOffset : EnterNextNode();
        _nextOffset = _isBackward ? Listpack.Previous(_pack, _offset) : Listpack.Next(_pack, _offset);
        return true;
    }

    private int EnterNextNode()
    {
        _place = _isBackward ? _chain.Previous(_place) : _chain.Next(_place);
        _pack = _chain.PackAt(_place);
        return _isBackward ? Listpack.Last(_pack) : Listpack.First(_pack);
    }
}
