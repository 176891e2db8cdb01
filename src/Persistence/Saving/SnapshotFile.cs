using System.Buffers.Binary;
using System.Diagnostics;
using Bixbite.Keyspace;
using Bixbite.Persistence.Pieces;
using Bixbite.Platform;
using Bixbite.Structures.Checks;
using Bixbite.Types.Saving;

namespace Bixbite.Persistence.Saving;

/// <summary>
/// A snapshot on its way into a file: the records are encoded by whoever holds the execution lock, and written by a thread of its own.
/// <code>
///   Snapshot --Take--> ISnapshotEncoder --> BlockPipe  |  thread: checksum --> NewFile --> disk
/// </code>
/// </summary>
internal sealed class SnapshotFile : ISnapshotSink, IDisposable
{
    private readonly BlockPipe _pipe;
    private readonly ISnapshotEncoder _encoder;
    private readonly NewFile _file;
    private readonly Thread _writer;
    private volatile string? _problem;
    private volatile string? _reason;
    private volatile bool _isUnwanted;

    /// <summary>Begins the file.</summary>
    /// <param name="file">What it will be called.</param>
    /// <param name="memory">Of the bytes on their way.</param>
    /// <param name="encoderOn">Makes the encoder that writes to what it is given.</param>
    public SnapshotFile(NewFile file, SnapshotMemory memory, Func<BlockPipe, ISnapshotEncoder> encoderOn)
    {
        _file = file;
        _pipe = new BlockPipe(memory);
        _encoder = encoderOn(_pipe);
        _writer = new Thread(Write) { IsBackground = true, Name = "bixbite-save" };
        _writer.Start();
        _encoder.Begin();
    }

    public string Path => _file.Path;

    /// <summary>The disk is behind: better go on a little later.</summary>
    public bool IsBehind => _pipe.IsNearlyFull;

    /// <summary>Bytes that the thread is done with.</summary>
    public long WrittenSize => _pipe.WrittenSize;

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

    /// <summary>Gives memory back that is not needed any more.</summary>
    public void Trim() => _pipe.Trim();

    /// <summary>Waits until the disk is no longer behind.</summary>
    public void WaitForRoom() => _pipe.WaitForRoom();

    /// <summary>No file is wanted, unless it is there already.</summary>
    public void Discard() => _isUnwanted = true;

    /// <summary>As <see cref="Discard"/>, since something has failed.</summary>
    public void GiveUp(string reason)
    {
        _reason = reason;
        Discard();
    }

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
        return _problem is null ? null : _reason ?? _problem;
    }

    public void Dispose()
    {
        Debug.Assert(IsWritten, "The thread still reads the pipe.");
        _pipe.Dispose();
    }

    private void Write()
    {
        Priority.GiveWay();
        _problem = _file.Write(WithFooter(), () => _isUnwanted);
    }

    /// <summary>The bytes of the blocks, and behind them the checksum of them all.</summary>
    private IEnumerable<ReadOnlyMemory<byte>> WithFooter()
    {
        ulong checksum = 0;
        foreach (ReadOnlyMemory<byte> bytes in new TextCompression().Encode(_pipe.Blocks()))
        {
            Size += bytes.Length;
            checksum = _encoder.Footer == SnapshotFooter.Checked ? Crc64.Append(checksum, bytes.Span) : 0;
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
