using System.Diagnostics;
using System.Runtime.InteropServices;
using Bixbite.Memory;

namespace Bixbite.Types.Saving;

/// <summary>
/// A long string as it was when a snapshot began. Of bytes that are about to be overwritten, copies are kept (<see cref="SavedLines"/>):
/// <code>
///   | handed over ....... | page | page: lines copied, then changed | page | page |  what was added since
///                         ^ position                                               ^ length
/// </code>
/// Its block may be replaced by another one that has the same bytes up to the length.
/// </summary>
/// <param name="aside">Where the copies are kept.</param>
/// <param name="block">Where the bytes lie.</param>
/// <param name="length">How many there are.</param>
/// <param name="output">Takes the pieces.</param>
public sealed class TextSnapshot(Heap aside, ulong block, long length, IValueSink output) : ValueSnapshot(output)
{
    private const int PageSize = SavedLines.PageSize;

    private readonly Dictionary<long, SavedLines> _copies = [];
    private ulong _block = block;
    private long _position;

    /// <summary>To be called when the string has got another block.</summary>
    public void MoveTo(ulong newBlock) => _block = newBlock;

    /// <summary>To be called before so many bytes from a place on are overwritten, of the first in the chain.</summary>
    public void BeforeOverwrite(long start, long count)
    {
        for (TextSnapshot? snapshot = this; snapshot is not null; snapshot = snapshot.Next as TextSnapshot)
        {
            snapshot.Copy(start, count);
        }
    }

    public override bool Step()
    {
        long end = Math.Min(length, _position + PieceSize);
        while (_position < end)
        {
            long page = _position / PageSize;
            if (_copies.Count == 0)
            {
                Output.Text(Native.Bytes(_block + (ulong)_position, (int)(end - _position)));
                _position = end;
            }
            else
            {
                HandOver(page);
                _position = Math.Min(length, (page + 1) * PageSize);
            }
        }
        return _position == length;
    }

    public override void Release()
    {
        foreach (SavedLines copies in _copies.Values)
        {
            copies.Free(aside);
        }
        _copies.Clear();
    }

    private void Copy(long start, long count)
    {
        Debug.Assert(start >= 0 && count >= 0, "A stretch has a beginning and a length.");
        long end = Math.Min(length, count > length - start ? length : start + count);
        long pageEnd;
        for (long at = Math.Max(start, _position); at < end; at = pageEnd)
        {
            long page = at / PageSize;
            pageEnd = (page + 1) * PageSize;
            int first = (int)(at % PageSize);
            ref SavedLines copies = ref CollectionsMarshal.GetValueRefOrAddDefault(_copies, page, out _);
            copies.Add(aside, PageAt(page), first, first + (int)(Math.Min(end, pageEnd) - at));
        }
    }

    private void HandOver(long page)
    {
        if (_copies.Remove(page, out SavedLines copies))
        {
            copies.HandOver(PageAt(page), Output);
            copies.Free(aside);
            return;
        }
        Output.Text(PageAt(page));
    }

    private ReadOnlySpan<byte> PageAt(long page) =>
        Native.Bytes(_block + (ulong)(page * PageSize), (int)Math.Min(PageSize, length - (page * PageSize)));
}
