using System.Text;
using Bixbite.Platform;

namespace Bixbite.Launcher.Checking;

/// <summary>A file as the check of a log reads it: lines of limited length and runs of bytes, from a window that moves over it.</summary>
internal sealed class CheckedFile(IDiskFile file)
{
    private const int WindowSize = 1 << 20;

    private readonly byte[] _window = new byte[WindowSize];
    private int _start;
    private int _end;

    public long Length { get; } = file.Length;

    /// <summary>Where the next byte is read.</summary>
    public long Position { get; private set; }

    /// <summary>A reading came upon the end.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>The disk refused to give something.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>The next byte without reading it; -1 at the end.</summary>
    public int Peek() => Fill() ? _window[_start] : -1;

    /// <summary>Reads up to the end of the line, its LF included, or so many bytes; empty at the end.</summary>
    public string Line(int sizeMax)
    {
        var line = new StringBuilder();
        while (line.Length < sizeMax && Fill())
        {
            byte letter = _window[_start];
            Pass(1);
            line.Append((char)letter);
            if (letter == '\n')
            {
                break;
            }
        }
        return line.ToString();
    }

    /// <summary>Reads so many bytes and keeps as many of them as there is room for; returns how many there were.</summary>
    public long Bytes(long count, Span<byte> kept)
    {
        long done = 0;
        while (done < count && Fill())
        {
            int size = (int)Math.Min(_end - _start, count - done);
            if (done < kept.Length)
            {
                ReadOnlySpan<byte> read = _window.AsSpan(_start, (int)Math.Min(size, kept.Length - done));
                read.CopyTo(kept[(int)done..]);
            }
            Pass(size);
            done += size;
        }
        return done;
    }

    private void Pass(int count)
    {
        _start += count;
        Position += count;
    }

    private bool Fill()
    {
        if (_start == _end)
        {
            int count = file.Read(_window);
            _start = 0;
            _end = Math.Max(count, 0);
            HasFailed |= count < 0;
            IsAtEnd |= count == 0;
        }
        return _start < _end;
    }
}
