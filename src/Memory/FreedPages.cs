namespace Bixbite.Memory;

/// <summary>
/// The pages of large blocks that were freed in heaps of one owner. Giving them back takes 10 ms for 200 MB, so freeing defers it, and the
/// owner gives back a few megabytes between other work as long as there are <see cref="Any"/>.
/// </summary>
public sealed class FreedPages
{
    private readonly Heap[] _heaps;

    public FreedPages(params Heap[] heaps)
    {
        _heaps = heaps;
        foreach (Heap heap in heaps)
        {
            heap.IsDeferring = true;
        }
    }

    public bool Any
    {
        get
        {
            foreach (Heap heap in _heaps)
            {
                if (heap.HasFreedPages)
                {
                    return true;
                }
            }
            return false;
        }
    }

    /// <summary>Gives back some pages of each heap, which takes some hundred microseconds at most; whether any are left.</summary>
    public bool GiveBackSome()
    {
        bool isLeft = false;
        foreach (Heap heap in _heaps)
        {
            if (!heap.HasFreedPages)
            {
                continue;
            }
            heap.GiveBackSome();
            isLeft |= heap.HasFreedPages;
        }
        return isLeft;
    }
}
