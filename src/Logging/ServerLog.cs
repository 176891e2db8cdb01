using System.Runtime.CompilerServices;
using System.Text;
using Bixbite.Platform;

namespace Bixbite.Logging;

/// <summary>
/// The server's log, in the form that tools know from Redis: <c>PID:ROLE DD Mon YYYY HH:MM:SS.mmm LEVEL message</c>, with local time, the
/// level as one of <c>. - * #</c>, and control characters escaped, so that a line of the log is a line of text. Any thread may write.
/// A log file is opened anew once a second at most, so a rotated one is let go soon; one that cannot be written is no reason to stop.
/// A server within another program may hand its texts on instead, to that program's log.
/// </summary>
public sealed class ServerLog : IDisposable
{
    private const int LineSizeMax = 4096;
    private const long ReopenUs = 1_000_000;

    private readonly Lock _lock = new();
    private readonly IClock _clock;
    private readonly byte[] _line = new byte[LineSizeMax];
    private readonly string _path;
    private readonly Action<LogLevel, string>? _sink;
    private volatile LogLevel _threshold = LogLevel.Notice;
    private IDiskFile? _file;
    private long _openedUs;

    /// <param name="clock">Tells the time of each line.</param>
    /// <param name="path">The file to append to; empty is standard output.</param>
    public ServerLog(IClock clock, string path = "")
    {
        _clock = clock;
        // Independent of later changes of the working directory.
        _path = path.Length == 0 ? "" : Paths.Full(path);
    }

    /// <param name="clock">Tells the time.</param>
    /// <param name="sink">
    /// Gets each text instead, without time and level, one after the other, on whatever thread writes it. It must return soon, and may not
    /// write to this log.
    /// </param>
    public ServerLog(IClock clock, Action<LogLevel, string> sink)
        : this(clock) => _sink = sink;

    /// <summary>The lowest level that is written.</summary>
    public LogLevel Threshold
    {
        get => _threshold;
        set => _threshold = value;
    }

    /// <summary>M for a primary, S for a replica.</summary>
    public char Role { get; set; } = 'M';

    public bool IsOn(LogLevel level) => level >= _threshold && level != LogLevel.Nothing;

    public void Write(LogLevel level, string text)
    {
        if (IsOn(level))
        {
            WriteLine(level, text);
        }
    }

    /// <summary>An interpolated text is put together only if its level is written.</summary>
    public void Write(LogLevel level, [InterpolatedStringHandlerArgument("", "level")] ref LogText text)
    {
        if (text.IsOn)
        {
            WriteLine(level, text.Finish());
        }
    }

    /// <summary>Several lines as they are, whatever the threshold: for reports.</summary>
    public void WriteRaw(string text)
    {
        lock (_lock)
        {
            if (_sink is not null)
            {
                _sink(LogLevel.Warning, text);
                return;
            }
            Send(Encoding.UTF8.GetBytes(text));
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            CloseFile();
        }
    }

    private void WriteLine(LogLevel level, ReadOnlySpan<char> text)
    {
        lock (_lock)
        {
            if (_sink is not null)
            {
                _sink(level, text.ToString());
                return;
            }
            int size = LogLine.Format(_line, _clock.UnixMs, Role, level, text);
            Send(_line.AsSpan(0, size));
        }
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        if (_path.Length == 0)
        {
            StandardOutput.Write(bytes);
            return;
        }
        _ = OpenFile()?.Write(bytes);
    }

    private IDiskFile? OpenFile()
    {
        long now = _clock.MonotonicUs;
        if (_file is not null && now - _openedUs < ReopenUs)
        {
            return _file;
        }
        CloseFile();
        _ = SystemDisk.Instance.Append(_path, out _file);
        _openedUs = now;
        return _file;
    }

    private void CloseFile()
    {
        _file?.Dispose();
        _file = null;
    }
}
