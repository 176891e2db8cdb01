using System.Globalization;
using System.Text;
using Bixbite.Persistence.Transfer;
using Bixbite.Structures.Text;

namespace Bixbite.Replication.Following;

/// <summary>
/// A snapshot as it comes from a primary: finds where it ends, and hands what is in it to a pipe, as fast as that is read.
/// <code>
///   LF LF ... | $123 CR LF          | 123 bytes ...                 | the stream
///   LF LF ... | $EOF: 40 bytes CR LF | bytes, how many nobody knows | the same 40 bytes; nothing more before it is acknowledged
/// </code>
/// The mark is looked for at the end of what has come, so the last forty bytes always wait for the next ones.
/// </summary>
internal sealed class SnapshotReception(BytePipe pipe)
{
    private const int MarkLength = 40;
    private const long UnknownSize = -1;

    private byte[] _mark = [];
    private long _size = UnknownSize;
    private bool _hasBegun;

    /// <summary>All of it is in the pipe.</summary>
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
    public string Form => _mark.Length > 0
        ? "streamed RDB from primary with EOF to disk"
        : string.Create(CultureInfo.InvariantCulture, $"{_size} bytes from primary to disk");

    /// <summary>It is known how it comes.</summary>
    public bool HasBegun => _hasBegun;

    /// <summary>Takes some of the bytes, and returns how many.</summary>
    public int Take(ReadOnlySpan<byte> bytes, int lineSizeMax)
    {
        IsBlocked = false;
        int taken = 0;
        while (!_hasBegun && Problem is null)
        {
            int lineEnd = bytes[taken..].IndexOf((byte)'\n');
            if (lineEnd < 0)
            {
                Problem = bytes.Length - taken > lineSizeMax ? "the line before the snapshot does not end" : null;
                return taken;
            }
            TakeHeader(bytes.Slice(taken, lineEnd).TrimEnd((byte)'\r'));
            taken += lineEnd + 1;
        }
        return taken + (Problem is null ? TakeContent(bytes[taken..]) : 0);
    }

    private void TakeHeader(ReadOnlySpan<byte> line)
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
            _mark = line["$EOF:"u8.Length..].ToArray();
            _hasBegun = true;
        }
        else if (line[0] == '$' && Integers.TryParse(line[1..], out long size) && size > 0)
        {
            _size = size;
            _hasBegun = true;
        }
        else
        {
            Problem = $"bad protocol from primary: '{Encoding.Latin1.GetString(line)}' announces no snapshot";
        }
    }

    private int TakeContent(ReadOnlySpan<byte> bytes)
    {
        bool isEnd;
        ReadOnlySpan<byte> content;
        if (_mark.Length > 0)
        {
            isEnd = bytes.EndsWith(_mark);
            content = bytes[..Math.Max(bytes.Length - MarkLength, 0)];
        }
        else
        {
            content = bytes[..(int)Math.Min(bytes.Length, _size - ReadSize)];
            isEnd = ReadSize + content.Length == _size;
        }
        int written = Write(content);
        ReadSize += written;
        IsComplete = isEnd && written == content.Length && Problem is null;
        return written + (IsComplete ? _mark.Length : 0);
    }

    private int Write(ReadOnlySpan<byte> content)
    {
        int written = 0;
        while (written < content.Length)
        {
            int count = pipe.TryWrite(content[written..]);
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
