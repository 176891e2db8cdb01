using System.Globalization;
using System.Text;
using Bixbite.Persistence.Transfer;
using Bixbite.Structures.Text;

namespace Bixbite.Replication.Following;

/// <summary>
/// A snapshot as it comes from a primary: hands what is in it to a pipe, as fast as that is read, and finds where it ends, unless the
/// pipe's reader does. First come <see cref="TakeHeader"/> and <see cref="Begin"/>.
/// <code>
///   LF LF ... | $123 CR LF          | 123 bytes ...                 | the stream
///   LF LF ... | $EOF: 40 bytes CR LF | bytes, how many nobody knows | the same 40 bytes; nothing more before it is acknowledged
/// </code>
/// The mark is looked for at the end of what has come, so the last forty bytes always wait for the next ones. Who reads the snapshot knows
/// where it ends, and gets the mark as well.
/// </summary>
internal sealed class SnapshotReception
{
    private const int MarkLength = 40;
    private const long UnknownSize = -1;

    private BytePipe? _pipe;
    private bool _findsMark;
    private long _size = UnknownSize;

    /// <summary>The mark that follows it; empty where its size is known.</summary>
    public byte[] Mark { get; private set; } = [];

    /// <summary>All of it is in the pipe; never where the reader finds the end.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The pipe is full: the rest comes when there is room.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>Why it cannot be received; null if it can.</summary>
    public string? Problem { get; private set; }

    /// <summary>Bytes of it in all; 0 where nobody knows.</summary>
    public long TotalSize => Math.Max(_size, 0);

    /// <summary>Bytes of it that have come.</summary>
    public long ReadSize { get; private set; }

    /// <summary>For the log: how it comes.</summary>
    public string Form => Mark.Length > 0
        ? "streamed RDB from primary with EOF"
        : string.Create(CultureInfo.InvariantCulture, $"{_size} bytes from primary");

    /// <summary>It is known how it comes.</summary>
    public bool HasHeader { get; private set; }

    /// <summary>Its content is wanted.</summary>
    public bool HasBegun => _pipe is not null;

    /// <summary>From now on what is in it goes to this pipe.</summary>
    /// <param name="pipe">Gets it.</param>
    /// <param name="findsMark">Whether the end is found here; otherwise the reader of the pipe gets the mark too.</param>
    public void Begin(BytePipe pipe, bool findsMark)
    {
        _pipe = pipe;
        _findsMark = findsMark && Mark.Length > 0;
    }

    /// <summary>Takes some of the bytes before the content, and returns how many.</summary>
    public int TakeHeader(ReadOnlySpan<byte> bytes, int lineSizeMax)
    {
        int taken = 0;
        while (!HasHeader && Problem is null)
        {
            int lineEnd = bytes[taken..].IndexOf((byte)'\n');
            if (lineEnd < 0)
            {
                Problem = bytes.Length - taken > lineSizeMax ? "the line before the snapshot does not end" : null;
                return taken;
            }
            TakeLine(bytes.Slice(taken, lineEnd).TrimEnd((byte)'\r'));
            taken += lineEnd + 1;
        }
        return taken;
    }

    /// <summary>Takes some of the content, and returns how many bytes.</summary>
    public int Take(ReadOnlySpan<byte> bytes)
    {
        IsBlocked = false;
        bool isEnd = false;
        ReadOnlySpan<byte> content = bytes;
        if (_findsMark)
        {
            isEnd = bytes.EndsWith(Mark);
            content = bytes[..Math.Max(bytes.Length - MarkLength, 0)];
        }
        else if (_size != UnknownSize)
        {
            content = bytes[..(int)Math.Min(bytes.Length, _size - ReadSize)];
            isEnd = ReadSize + content.Length == _size;
        }
        int written = Write(content);
        ReadSize += written;
        IsComplete = isEnd && written == content.Length && Problem is null;
        return written + (IsComplete ? Mark.Length : 0);
    }

    private void TakeLine(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            return;
        }
        if (line[0] == '-')
        {
            Problem = $"primary aborted replication with an error: {Encoding.Latin1.GetString(line[1..])}";
        }
        else if (line.StartsWith("$EOF:"u8) && line.Length == "$EOF:"u8.Length + MarkLength)
        {
            Mark = line["$EOF:"u8.Length..].ToArray();
            HasHeader = true;
        }
        else if (line[0] == '$' && Integers.TryParse(line[1..], out long size) && size > 0)
        {
            _size = size;
            HasHeader = true;
        }
        else
        {
            Problem = $"bad protocol from primary: '{Encoding.Latin1.GetString(line)}' announces no snapshot";
        }
    }

    private int Write(ReadOnlySpan<byte> content)
    {
        int written = 0;
        while (written < content.Length)
        {
            int count = _pipe!.TryWrite(content[written..]);
            if (count < 0)
            {
                Problem = "the snapshot cannot be kept";
                break;
            }
            if (count == 0)
            {
                IsBlocked = true;
                break;
            }
            written += count;
        }
        return written;
    }
}
