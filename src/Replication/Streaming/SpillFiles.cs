using System.Globalization;
using Bixbite.Platform;

namespace Bixbite.Replication.Streaming;

/// <summary>
/// Bytes of a stream by their positions, in temporary files of which the older ones go first. They have no names: whatever becomes of the
/// process, nothing stays. Belongs to one thread, but for <see cref="Size"/>.
/// <code>
///                                                                    End
///   | file, its size or more .. | file ................... | file ... |
/// </code>
/// A write that fails may have left something: the next one begins a new file.
/// </summary>
internal sealed class SpillFiles(IDisk disk, long fileSize)
{
    private const int SuffixLength = 16;

    private readonly List<Segment> _segments = [];
    private long _size;
    private bool _isTorn;

    /// <summary>Bytes on the disk. Any thread.</summary>
    public long Size => Volatile.Read(ref _size);

    /// <summary>There are some.</summary>
    public bool HasFiles => _segments.Count > 0;

    /// <summary>The position behind the last byte.</summary>
    public long End { get; private set; }

    /// <summary>
    /// Adds bytes at a position; where that is not the end, nothing of what is there is kept. Null, or what failed: then nothing is added.
    /// </summary>
    public string? Write(long position, ReadOnlySpan<byte> bytes)
    {
        if (position != End)
        {
            DropBefore(long.MaxValue);
            End = position;
        }
        if ((_segments.Count == 0 || _isTorn || _segments[^1].Size >= fileSize) && Add() is { } problem)
        {
            return problem;
        }
        int result = _segments[^1].Writer.Write(bytes);
        _isTorn = result < 0;
        if (_isTorn)
        {
            return Failed("write", result);
        }
        _segments[^1].Size += bytes.Length;
        End += bytes.Length;
        Volatile.Write(ref _size, _size + bytes.Length);
        return null;
    }

    /// <summary>Reads some bytes from a position on, which must be there; null, or what failed.</summary>
    public string? Read(long position, Span<byte> target, out int count)
    {
        count = 0;
        if (_segments.FindLast(segment => segment.Start <= position) is not { } found || position >= found.End)
        {
            return string.Create(CultureInfo.InvariantCulture, $"byte {position + 1} of the stream is in no file");
        }
        int size = (int)Math.Min(target.Length, found.End - position);
        int result = found.Reader.Read(position - found.Start, target[..size]);
        count = Math.Max(result, 0);
        return result switch
        {
            < 0 => Failed("read", result),
            0 => "a temporary file of the stream is shorter than it was written",
            _ => null,
        };
    }

    /// <summary>The first position that is still there if nothing is needed before this one: files go as a whole.</summary>
    public long KeptStart(long position) =>
        Math.Min(position, _segments.Find(segment => segment.End > position)?.Start ?? long.MaxValue);

    /// <summary>Gives up the files of which nothing is needed from a position on; false if there are none.</summary>
    public bool DropBefore(long position)
    {
        int count = 0;
        while (count < _segments.Count && _segments[count].End <= position)
        {
            Drop(_segments[count++]);
        }
        _segments.RemoveRange(0, count);
        return count > 0;
    }

    private static string Failed(string call, int result) => $"{call} of a temporary file of the stream: {Errno.Text(-result)}";

    private string? Add()
    {
        string path = disk.Full(
            string.Create(CultureInfo.InvariantCulture, $"temp-{Environment.ProcessId}-stream-{SystemRandom.Hex(SuffixLength)}.log"));
        int result = disk.CreatePrivate(path, out IDiskFile? writer);
        if (result < 0)
        {
            return Failed("open", result);
        }
        result = disk.Open(path, out IDiskFile? reader);
        int deleted = disk.Delete(path);
        if (result < 0 || deleted < 0)
        {
            writer!.Dispose();
            reader?.Dispose();
            return Failed(result < 0 ? "open" : "unlink", result < 0 ? result : deleted);
        }
        _segments.Add(new Segment(End, writer!, reader!));
        _isTorn = false;
        return null;
    }

    private void Drop(Segment segment)
    {
        segment.Writer.Dispose();
        segment.Reader.Dispose();
        Volatile.Write(ref _size, _size - segment.Size);
    }

    /// <summary>A file, open twice: it has no name by which it could be opened later.</summary>
    private sealed class Segment(long start, IDiskFile writer, IDiskFile reader)
    {
        public long Start => start;

        public long Size { get; set; }

        public long End => start + Size;

        public IDiskFile Writer => writer;

        public IDiskFile Reader => reader;
    }
}
