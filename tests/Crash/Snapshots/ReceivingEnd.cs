using System.Text;
using Bixbite.Crash.Disk;
using Bixbite.Persistence.Transfer;
using Bixbite.Platform;

namespace Bixbite.Crash.Snapshots;

/// <summary>A receiver that keeps what it gets; from some byte on it fails, or takes nothing until it is released. Any thread.</summary>
internal sealed class ReceivingEnd(int failureAt = int.MaxValue, int stallAt = int.MaxValue) : IByteSink
{
    private readonly Lock _gate = new();
    private readonly List<byte> _bytes = [];
    private int _stallAt = stallAt;
    private bool _isStalled;
    private string? _end;

    public string Name => "receiver";

    public Action? RoomMade { private get; set; }

    /// <summary>It would fail if it were offered enough.</summary>
    public bool MayFail => failureAt < int.MaxValue;

    /// <summary>"whole", or why it is not; null as long as it is not known.</summary>
    public string? End
    {
        get
        {
            lock (_gate)
            {
                return _end;
            }
        }
    }

    /// <summary>It has taken nothing though it was offered something.</summary>
    public bool IsStalled
    {
        get
        {
            lock (_gate)
            {
                return _isStalled;
            }
        }
    }

    public int TryWrite(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_bytes.Count + bytes.Length > failureAt)
            {
                return -Errno.EPIPE;
            }
            int count = Math.Min(bytes.Length, Math.Max(_stallAt - _bytes.Count, 0));
            _isStalled = count == 0;
            _bytes.AddRange(bytes[..count]);
            return count;
        }
    }

    public void Close(string? problem)
    {
        lock (_gate)
        {
            Assert.Null(_end);
            _end = problem ?? "whole";
        }
    }

    /// <summary>It takes all from now on.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _stallAt = int.MaxValue;
            _isStalled = false;
        }
        RoomMade?.Invoke();
    }

    /// <summary>A disk with the file that it has got.</summary>
    public SimulatedDisk ToDisk()
    {
        byte[] bytes = [.. _bytes];
        string start = $"$EOF:{TransferModule.Mark}\r\n";
        Assert.Equal(start, Encoding.Latin1.GetString(bytes[..start.Length]));
        Assert.Equal(TransferModule.Mark, Encoding.Latin1.GetString(bytes[^TransferModule.Mark.Length..]));
        SimulatedDisk disk = new();
        disk.Put("dump.rdb", bytes[start.Length..^TransferModule.Mark.Length]);
        return disk;
    }
}
