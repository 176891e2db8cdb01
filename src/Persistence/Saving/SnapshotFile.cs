using System.Buffers.Binary;
using System.Diagnostics;
using Bixbite.Keyspace;
using Bixbite.Structures.Checks;

namespace Bixbite.Persistence.Saving;

/// <summary>
/// A snapshot on its way into a file: the records are encoded by whoever has the turn, and written by a thread of its own.
/// <code>
///   Snapshot --Take--> ISnapshotEncoder --> BlockPipe  |  thread: checksum --> NewFile --> disk
/// </code>
/// </summary>
internal sealed class SnapshotFile : ISnapshotSink, IDisposable
{
    private readonly BlockPipe _pipe = new();
    private readonly ISnapshotEncoder _encoder;
    private readonly NewFile _file;
    private readonly Thread _writer;
    private volatile string? _problem;
    private volatile bool _isUnwanted;

    /// <summary>Begins the file.</summary>
    /// <param name="file">What it will be called.</param>
    /// <param name="encoderOn">Makes the encoder that writes to what it is given.</param>
    public SnapshotFile(NewFile file, Func<BlockPipe, ISnapshotEncoder> encoderOn)
    {
        _file = file;
        _encoder = encoderOn(_pipe);
        _writer = new Thread(Write) { IsBackground = true, Name = "bixbite-save" };
        _writer.Start();
        _encoder.Begin();
    }

    public string Path => _file.Path;

    /// <summary>The disk is behind: better go on a little later.</summary>
    public bool IsBehind => _pipe.IsNearlyFull;

    /// <summary>The thread has done its work, well or not.</summary>
    public bool IsWritten => !_writer.IsAlive;

    /// <summary>Bytes of the file without its checksum, when it is written.</summary>
    public long Size { get; private set; }

    /// <summary>What stopped the thread already; nobody needs to encode more then.</summary>
    public bool HasFailed => _file.HasFailed;

    public void Take(int database, Record record) => _encoder.Take(database, record);

    public ISavedValue Open(int database, Record record) => _encoder.Open(database, record);

    /// <summary>All records have come.</summary>
    public void Complete()
    {
        _encoder.End();
        _pipe.Complete();
    }

    /// <summary>No file is wanted, unless it is there already.</summary>
    public void Discard() => _isUnwanted = true;

    /// <summary>No more records come, and so no file is wanted.</summary>
    public void Abort()
    {
        Discard();
        _pipe.Complete();
    }

    /// <summary>Waits until the file is durable; null, or what failed.</summary>
    public string? Wait()
    {
        _writer.Join();
        return _problem;
    }

    public void Dispose()
    {
        Debug.Assert(IsWritten, "The thread still reads the pipe.");
        _pipe.Dispose();
    }

    private void Write() => _problem = _file.Write(WithFooter(), () => _isUnwanted);

    /// <summary>The bytes of the blocks, and behind them the checksum of them all.</summary>
    private IEnumerable<ArraySegment<byte>> WithFooter()
    {
        ulong checksum = 0;
        foreach (ArraySegment<byte> bytes in new TextCompression().Encode(_pipe.Blocks()))
        {
            Size += bytes.Count;
            checksum = _encoder.Footer == SnapshotFooter.Checked ? Crc64.Append(checksum, bytes) : 0;
            yield return bytes;
        }
        if (_encoder.Footer != SnapshotFooter.None)
        {
            byte[] footer = new byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(footer, checksum);
            yield return footer;
        }
    }
}
