using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Persistence.Loading;
using Bixbite.Persistence.Transfer;

namespace Bixbite.Persistence.Receiving;

/// <summary>The place where a snapshot is loaded that comes from another server.</summary>
public enum LoadPlace
{
    /// <summary>The databases in use: the old data is gone, and clients wait.</summary>
    Live,

    /// <summary>Others, which take their place once it is whole; clients use the old data meanwhile.</summary>
    Aside,

    /// <summary>The same, but clients wait: the old data is another one's.</summary>
    AsideHoldingClients,
}

/// <summary>A snapshot that is about to come.</summary>
public sealed record ComingSnapshot
{
    /// <summary>The length of one that ends with a mark.</summary>
    public const long UnknownSize = ILoadSource.UnknownLength;

    /// <summary>Who sends it, for the log.</summary>
    public required string Sender { get; init; }

    /// <summary>Bytes of it, or <see cref="UnknownSize"/>.</summary>
    public required long Size { get; init; }

    /// <summary>The mark that follows it; empty if its size is known.</summary>
    public required byte[] Mark { get; init; }

    public required LoadPlace Place { get; init; }

    /// <summary>Where the old data goes first: whether its memory is given back in slices.</summary>
    public required bool IsLazy { get; init; }
}

/// <summary>
/// A snapshot that is loaded while it comes: whoever receives it writes to the pipe, and the load reads from there as far as it gets. By
/// whoever holds the execution lock. The pipe has a heap of its own, which goes with its owner, after the load.
/// </summary>
public sealed class DirectLoad : IDisposable
{
    private const int PipeSize = 1 << 20;

    private readonly Heap _heap = new();
    private readonly Loads _loads;

    internal DirectLoad(Loads loads, ComingSnapshot snapshot, Databases databases, RdbLoadOptions options)
    {
        _loads = loads;
        Pipe = new BytePipe(_heap, PipeSize, snapshot.Sender);
        Loader = new RdbStreamLoader(Pipe, snapshot.Size, databases, loads.Access, options);
    }

    /// <summary>Where the bytes go, those of the mark too.</summary>
    public BytePipe Pipe { get; }

    /// <summary>The pipe takes bytes.</summary>
    public bool HasRoom => Pipe.ReadableCount < PipeSize;

    /// <summary>It waits for bytes.</summary>
    public bool IsStarved => Loader.IsStarved;

    /// <summary>Bytes that it has used, those of the mark too.</summary>
    public long ReadSize => Loader.BytesRead;

    internal RdbStreamLoader Loader { get; }

    /// <summary>It has ended, well or not.</summary>
    internal bool IsOver { private get; set; }

    /// <summary>Gives it up, if it is not over: its owner is told.</summary>
    public void Cancel()
    {
        if (!IsOver)
        {
            _loads.Cancel();
        }
    }

    /// <summary>Gives everything back. It is over.</summary>
    public void Dispose()
    {
        Pipe.Dispose();
        _heap.Dispose();
    }
}
