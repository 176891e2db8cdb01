namespace Bixbite.Types.Lists;

/// <summary>The listpacks of a list from left to right; valid until the next change.</summary>
public ref struct ListNodeReader
{
    private readonly NodeChain _chain;
    private readonly bool _isChain;
    private NodePlace _next;

    internal ListNodeReader(ReadOnlySpan<byte> pack) => Current = pack;

    internal ListNodeReader(NodeChain chain)
    {
        _chain = chain;
        _isChain = true;
        _next = chain.First;
    }

    /// <summary>How many listpacks there are.</summary>
    public readonly long Count => _isChain ? _chain.NodeCount : 1;

    public ReadOnlySpan<byte> Current { get; private set; }

    private bool IsSingleDone { get; set; }

    public bool MoveNext()
    {
        if (!_isChain)
        {
            bool isFirst = !IsSingleDone;
            IsSingleDone = true;
            return isFirst;
        }
        if (!_next.Exists)
        {
            return false;
        }
        Current = _chain.PackAt(_next);
        _next = _chain.Next(_next);
        return true;
    }
}
