using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Platform;

namespace Bixbite.Persistence.Aof;

/// <summary>
/// The increment that is being written, and the bytes at the log's end that it does not have yet, or may have to get once more.
/// <code>
///   file     | ................................. |
///   buffer                    | kept ........... | to be written ... |
///            ^ FileStart      ^ Start            ^ WrittenEnd        ^ End
/// </code>
/// The log may have to go on in another file before this one is durable. Then what follows belongs to the next file and stays in the
/// buffer, until nothing can be left to write in this one (<see cref="TakeNext"/>):
/// <code>
///   file     | ........................................ | next file
///   buffer                    | kept .................. | waits ...... |
///                             ^ Start        WrittenEnd ^ NextStart    ^ End
/// </code>
/// </summary>
internal sealed class AofIncrement(Heap heap) : IDisposable
{
    private readonly AofBuffer _buffer = new(heap);
    private OpenFile? _file;
    private volatile OpenFile? _next;

    /// <summary>The file may hold more than is known to be written.</summary>
    private bool _needsCut;

    /// <summary>Where the log's bytes lie.</summary>
    public AofPlaces Places { get; } = new();

    public bool IsOpen => _file is not null;

    public IDiskFile File => _file!.File;

    /// <summary>The path of the file.</summary>
    public string Path => _file?.Path ?? "";

    /// <summary>The position of the file's first byte, which may be before the first position if it was there already.</summary>
    public long FileStart => _file!.Start;

    /// <summary>The position behind everything that was appended. Any thread.</summary>
    public long End => _buffer.End;

    /// <summary>Everything before this position is in the files.</summary>
    public long WrittenEnd
    {
        get => Places.WrittenEnd;
        private set => Places.WrittenEnd = value;
    }

    /// <summary>Bytes that wait to be written.</summary>
    public long UnwrittenSize => _buffer.End - WrittenEnd;

    /// <summary>Those among them that may be written now.</summary>
    public long WritableSize => (_next?.Start ?? _buffer.End) - WrittenEnd;

    /// <summary>The position from which on everything belongs to the next file; null without one. Any thread.</summary>
    public long? NextStart => _next?.Start;

    /// <summary>Bytes that are in the buffer, written or not.</summary>
    public long KeptSize => _buffer.End - _buffer.Start;

    /// <summary>Bytes of memory.</summary>
    public long BufferSize => _buffer.Size;

    /// <summary>Bytes of the increment and of the files before it.</summary>
    public long Size => _file is null ? 0 : _file.SizeBefore + FileSize(End);

    /// <summary>Bytes of the increment up to a position.</summary>
    public long FileSize(long position) => position - _file!.Start;

    /// <summary>Goes on in this file, behind <paramref name="size"/> bytes.</summary>
    public void Open(IDiskFile file, string path, long size, long sizeBefore)
    {
        Debug.Assert(UnwrittenSize == 0, "nobody would know in which file it belongs");
        _file = new OpenFile(file, path, End - size, sizeBefore);
        _needsCut = false;
        Places.Begin(new AofPlace(path, End, End - size));
    }

    /// <summary>All that is appended from now on belongs to this empty file, and is written there after <see cref="TakeNext"/>.</summary>
    public void OpenNext(IDiskFile file, string path, long sizeBefore)
    {
        Debug.Assert(IsOpen && _next is null, "one file is left at a time");
        _next = new OpenFile(file, path, End, sizeBefore);
        Places.Begin(new AofPlace(path, End, End));
    }

    /// <summary>
    /// Goes on in the next file; returns the one before it, which somebody else closes. What was still to be written there is not.
    /// </summary>
    public IDiskFile TakeNext()
    {
        IDiskFile left = File;
        _file = _next!;
        _next = null;
        NoteLostBefore(_file.Start);
        WrittenEnd = Math.Max(WrittenEnd, _file.Start);
        _needsCut = false;
        return left;
    }

    /// <summary>The files before this one, which is at this path now, were replaced by so many bytes.</summary>
    public void NoteReplaced(long sizeBefore, string path)
    {
        _file = _file! with { SizeBefore = sizeBefore };
        Places.Rename(path);
        Places.NoteReplaced(FileStart);
    }

    /// <summary>Lets go of the file, which somebody else closes; null if none is open.</summary>
    public IDiskFile? Leave()
    {
        IDiskFile? file = _file?.File;
        _file = null;
        Places.End();
        return file;
    }

    public void Append(ReadOnlySpan<byte> bytes) => _buffer.Append(bytes);

    /// <summary>These bytes are part of the log, in no file, and nobody keeps them.</summary>
    public void Skip(int size)
    {
        Pass(size);
        Places.NoteLost(End);
    }

    /// <summary>
    /// Writes all that may be written. If that fails a negative errno value; what was written in part is cut off then, now or before the
    /// next attempt.
    /// </summary>
    public int Write()
    {
        int result = _needsCut ? Cut() : 0;
        if (result >= 0)
        {
            result = File.Write(_buffer.Bytes(WrittenEnd)[..(int)WritableSize]);
        }
        if (result < 0)
        {
            Cut();
            return result;
        }
        WrittenEnd += WritableSize;
        return 0;
    }

    /// <summary>
    /// As <see cref="Write"/>, and these bytes after all others from where they lie. If that fails, they are no part of the log yet, and
    /// nothing is written; otherwise nobody keeps them, nor what was before them.
    /// </summary>
    public int WriteThrough(ReadOnlySpan<byte> bytes)
    {
        Debug.Assert(_next is null, "they would come before what waits for the next file");
        long start = WrittenEnd;
        int result = Write();
        if (result < 0)
        {
            return result;
        }
        result = File.Write(bytes);
        if (result < 0)
        {
            WrittenEnd = start;
            Cut();
            return result;
        }
        _buffer.Forget(End);
        Pass(bytes.Length);
        return 0;
    }

    /// <summary>Writes everything after a position once more; false if not all of it is here any longer.</summary>
    public bool TryRewind(long position)
    {
        if (position < _buffer.Start || position < FileStart || position > WrittenEnd)
        {
            return false;
        }
        WrittenEnd = position;
        _needsCut = true;
        return true;
    }

    /// <summary>Forgets everything before a position.</summary>
    public void Forget(long position) => _buffer.Forget(Math.Min(position, WrittenEnd));

    /// <summary>Nothing that is here is needed any more, written or not.</summary>
    public void ForgetAll()
    {
        NoteLostBefore(End);
        WrittenEnd = End;
        _buffer.Forget(End);
    }

    public void Dispose()
    {
        _next?.File.Dispose();
        _buffer.Dispose();
    }

    private void Pass(int size)
    {
        _buffer.Skip(size);
        WrittenEnd = End;
    }

    private void NoteLostBefore(long end)
    {
        if (WrittenEnd < end)
        {
            Places.NoteLost(end);
        }
    }

    private int Cut()
    {
        int result = File.Truncate(FileSize(WrittenEnd));
        _needsCut = result < 0;
        return result;
    }

    private sealed record OpenFile(IDiskFile File, string Path, long Start, long SizeBefore);
}
