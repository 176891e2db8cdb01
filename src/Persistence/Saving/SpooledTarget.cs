using System.Globalization;
using System.Text;
using Bixbite.Platform;

namespace Bixbite.Persistence.Saving;

/// <summary>
/// Receivers that must know the length first: the bytes go to a file, and from there, behind their length, to the receivers. They get a
/// line end a second meanwhile, which says that there is somebody. The file is deleted in any case.
/// <code>
///   job | writes the file .................... | reads it ................ |
///   all | LF ... LF ... LF ...                 | $LENGTH CR LF, the bytes  |
/// </code>
/// </summary>
internal sealed class SpooledTarget(SinkTarget receivers, IDisk disk, string path, IClock clock) : ISnapshotTarget
{
    private const int PieceSize = 256 * 1024;
    private const long SignPeriodUs = 1_000_000;

    private IDiskFile? _file;
    private long _length;
    private long _signUs = clock.MonotonicUs;
    private bool _isCreated;
    private volatile bool _hasFailed;
    private volatile bool _isInterrupted;

    /// <summary>Called when the file is whole, and begins to be sent.</summary>
    public Action? FileSent { private get; init; }

    public string Name => receivers.Name;

    public bool IsFile => false;

    public bool HasFailed => _hasFailed || receivers.HasFailed;

    public string? Open()
    {
        string? problem = Checked("open", disk.CreatePrivate(path, out _file));
        _isCreated = problem is null;
        return problem;
    }

    public string? Write(ReadOnlySpan<byte> piece)
    {
        if (_isInterrupted)
        {
            return ISnapshotTarget.Cancelled;
        }
        _length += piece.Length;
        return Checked("write", _file!.Write(piece)) ?? GiveSign();
    }

    public string? Complete()
    {
        CloseFile();
        FileSent?.Invoke();
        return Checked("open", disk.Open(path, out _file))
            ?? receivers.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"${_length}\r\n")))
            ?? Forward()
            ?? receivers.Complete();
    }

    public void Discard(string problem) => receivers.Discard(problem);

    public void Interrupt()
    {
        _isInterrupted = true;
        receivers.Interrupt();
    }

    public void Dispose()
    {
        CloseFile();
        if (_isCreated)
        {
            disk.Delete(path);
        }
        receivers.Dispose();
    }

    private string? GiveSign()
    {
        long nowUs = clock.MonotonicUs;
        if (nowUs - _signUs < SignPeriodUs)
        {
            return null;
        }
        _signUs = nowUs;
        return receivers.Write("\n"u8);
    }

    private string? Forward()
    {
        byte[] piece = new byte[PieceSize];
        for (long left = _length; left > 0;)
        {
            int count = _file!.Read(piece.AsSpan(0, (int)Math.Min(piece.Length, left)));
            if (count <= 0)
            {
                return Checked("read", count) ?? $"read of {path}: it is shorter than it was written";
            }
            if (receivers.Write(piece.AsSpan(0, count)) is { } problem)
            {
                return problem;
            }
            left -= count;
        }
        return null;
    }

    private void CloseFile()
    {
        _file?.Dispose();
        _file = null;
    }

    private string? Checked(string call, int result)
    {
        if (result >= 0)
        {
            return null;
        }
        _hasFailed = true;
        return $"{call} of {path}: {Errno.Text(-result)}";
    }
}
