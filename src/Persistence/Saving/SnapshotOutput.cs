using System.Buffers.Binary;
using System.Diagnostics;
using Bixbite.Keyspace;
using Bixbite.Persistence.Pieces;
using Bixbite.Platform;
using Bixbite.Structures.Checks;
using Bixbite.Types.Saving;

namespace Bixbite.Persistence.Saving;

/// <summary>
/// A snapshot on its way to a target: the records are encoded by whoever holds the execution lock, and compressed and written by a thread
/// of its own.
/// <code>
///   Snapshot --Take--> SnapshotEncoder --> BlockPipe  |  thread: TextCompression, checksum --> ISnapshotTarget
/// </code>
/// </summary>
internal sealed class SnapshotOutput : ISnapshotSink, IDisposable
{
    private readonly BlockPipe _pipe;
    private readonly SnapshotEncoder _encoder;
    private readonly ISnapshotTarget _target;
    private readonly Thread? _writer;
    private volatile string? _problem;
    private volatile string? _reason;

    /// <summary>Begins with what stands before the first record. Where no thread can be started, it has failed.</summary>
    /// <param name="target">Where the bytes go; belongs to the output.</param>
    /// <param name="memory">Of the bytes on their way.</param>
    /// <param name="encoderOn">Makes the encoder that writes to what it is given.</param>
    public SnapshotOutput(ISnapshotTarget target, SnapshotMemory memory, Func<BlockPipe, SnapshotEncoder> encoderOn)
    {
        _target = target;
        _pipe = new BlockPipe(memory);
        _encoder = encoderOn(_pipe);
        _writer = WorkerThread.TryStart("bixbite-save", Write);
        if (_writer is null)
        {
            _problem = WorkerThread.Refusal;
            target.Discard(WorkerThread.Refusal);
        }
        _encoder.Begin();
    }

    /// <summary>Where it goes, for the log.</summary>
    public string Name => _target.Name;

    public bool IsFile => _target.IsFile;

    /// <summary>The target is behind: better go on a little later.</summary>
    public bool IsBehind => _pipe.IsNearlyFull;

    /// <summary>Bytes that the thread is done with.</summary>
    public long WrittenSize => _pipe.WrittenSize;

    /// <summary>The thread has done its work, well or not.</summary>
    public bool IsWritten => _writer is not { IsAlive: true };

    /// <summary>Bytes of the whole without its checksum, when it is written.</summary>
    public long Size { get; private set; }

    /// <summary>Whether there is no thread or it has stopped, so that nobody needs to encode more.</summary>
    public bool HasFailed => _writer is null || _target.HasFailed;

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

    /// <summary>Waits until the target is no longer behind.</summary>
    public void WaitForRoom() => _pipe.WaitForRoom();

    /// <summary>Nothing is wanted, unless it is there already.</summary>
    public void Discard() => _target.Interrupt();

    /// <summary>As <see cref="Discard"/>, since something has failed.</summary>
    public void GiveUp(string reason)
    {
        _reason = reason;
        Discard();
    }

    /// <summary>No more records come, and so nothing is wanted.</summary>
    public void Abort()
    {
        Discard();
        _pipe.Complete();
    }

    /// <summary>Waits until the whole is where it is to be; null, or what failed.</summary>
    public string? Wait()
    {
        _writer?.Join();
        return _problem is null ? null : _reason ?? _problem;
    }

    public void Dispose()
    {
        Debug.Assert(IsWritten, "The thread still reads the pipe.");
        _pipe.Dispose();
        _target.Dispose();
    }

    /// <summary>All blocks are taken in any case: who makes them must not wait for ever.</summary>
    private void Write()
    {
        Priority.GiveWay();
        string? problem = _target.Open();
        foreach (ReadOnlyMemory<byte> bytes in WithFooter())
        {
            problem ??= _target.Write(bytes.Span);
        }
        problem ??= _target.Complete();
        if (problem is not null)
        {
            _target.Discard(_reason ?? problem);
        }
        _problem = problem;
    }

    /// <summary>The bytes of the blocks, and after them the checksum of them all.</summary>
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
