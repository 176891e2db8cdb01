using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Propagation;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Persistence.Loading;
using Bixbite.Persistence.Transfer;
using Bixbite.Persistence.Values;
using Bixbite.Unit.Keyspace;
using Bixbite.Unit.Persistence.Saving;
using Xunit;

namespace Bixbite.Unit.Persistence.Loading;

/// <summary>A keyspace with data, into which other data is loaded that arrives in a pipe.</summary>
internal sealed class LoadsFixture : IDisposable
{
    private readonly JobFixture _saving = new();
    private readonly Heap _pipeHeap = new();
    private readonly ChangeFeed _changes = new();

    public LoadsFixture()
    {
        State = new DataState(new RaisedConcerns());
        Loads = new Loads(Keyspace.Databases, Keyspace.Access, State, _changes, _saving.Tools);
        Pipe = NewPipe();
    }

    public JobFixture Saving => _saving;

    public KeyspaceFixture Keyspace => _saving.Keyspace;

    public DataState State { get; }

    public Loads Loads { get; }

    /// <summary>Where the bytes arrive.</summary>
    public BytePipe Pipe { get; private set; }

    /// <summary>How the last load has ended: "whole", or why not.</summary>
    public string End { get; private set; } = "";

    public Dictionary<string, string> Content => JobFixture.ContentOf(Keyspace);

    /// <summary>Bytes of the data when all is freed that was given up.</summary>
    public long SettledBytes
    {
        get
        {
            Keyspace.LazyFree.Run(static () => false);
            return Keyspace.Heap.UsedBytes;
        }
    }

    /// <summary>Begins a load whose bytes are to arrive in a new pipe.</summary>
    public void Begin(long length, byte[]? mark = null, bool isAside = true)
    {
        Pipe.Dispose();
        Pipe = NewPipe();
        ILoadDestination destination = isAside ? Loads.MakeAside() : Loads.Live;
        var options = new RdbLoadOptions(0, ValueCodecs.BuiltIn) { EndMark = mark ?? [], Records = destination.Records };
        var loader = new RdbStreamLoader(Pipe, length, destination.Databases, Keyspace.Access, options);
        Loads.Begin(loader, destination, problem => End = problem ?? "whole");
    }

    /// <summary>Sends bytes in pieces, and lets the load go on after each, a step at a time.</summary>
    public void Send(ReadOnlySpan<byte> bytes, int pieceSize)
    {
        while (!bytes.IsEmpty && Loads.IsRunning)
        {
            int count = Pipe.TryWrite(bytes[..Math.Min(pieceSize, bytes.Length)]);
            Assert.True(count >= 0);
            bytes = bytes[count..];
            RunUntilStarved();
        }
    }

    /// <summary>The sender ends.</summary>
    public void Close(string? problem = null)
    {
        Pipe.Close(problem);
        RunUntilStarved();
    }

    public void RunUntilStarved()
    {
        while (Loads.Run(static () => true))
        {
        }
    }

    public void Dispose()
    {
        Loads.Cancel();
        Pipe.Dispose();
        _saving.Dispose();
        _pipeHeap.Dispose();
    }

    private BytePipe NewPipe() => new(_pipeHeap, 4096, "pipe");
}
