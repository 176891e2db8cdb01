using System.Diagnostics;
using System.Text;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Client;

/// <summary>
/// One client that sends PING after PING and times each, beside another one that writes, if there is something to write: its next request
/// goes out just before a PING does, unless the one before is not answered yet. Of a long one a part goes out before each PING.
/// </summary>
internal sealed class PingWatch(RunningServer server, ThreadCpu cpu, Func<byte[]>? nextWrite) : IDisposable
{
    private const long LookEveryMs = 50;
    private const int PartSize = 1 << 20;

    private readonly PipeConnection _pings = server.Connect(spins: true);
    private readonly PipeConnection _writes = server.Connect();
    private byte[] _request = [];
    private int _sentSize;
    private bool _isWriting;
    private long _writeSent;

    /// <summary>Nanoseconds that the thread was ready and not on its core, when the write was sent.</summary>
    private long _waitedAtWrite;

    public WaitTimes Times { get; } = new();

    /// <summary>
    /// Has a command run and goes on as long as it is told to; that is asked between PINGs, now and then. The first PING goes out with
    /// the command.
    /// </summary>
    public void Run(string command, Func<bool> goesOn)
    {
        using PipeConnection control = server.Connect();
        control.Send(Encoding.ASCII.GetBytes(command + "\r\n"));
        long looked = Stopwatch.GetTimestamp();
        (long ran, long waited) = cpu.Read();
        while (true)
        {
            Write();
            long sent = Stopwatch.GetTimestamp();
            _pings.Send("*1\r\n$4\r\nPING\r\n"u8);
            _pings.ReadReplies(1);
            double ms = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
            (long ranNow, long waitedNow) = cpu.Read();
            Times.NotePing(ms, (ranNow - ran) / 1e6, (waitedNow - waited) / 1e6);
            (ran, waited) = (ranNow, waitedNow);
            if (Stopwatch.GetElapsedTime(looked).TotalMilliseconds < LookEveryMs)
            {
                continue;
            }
            Times.NoteMemory(server.ProportionalBytes);
            if (!goesOn())
            {
                break;
            }
            looked = Stopwatch.GetTimestamp();
            (ran, waited) = cpu.Read();
        }

        control.ReadReplies(1);
        while (_sentSize < _request.Length)
        {
            SendPart();
        }
        if (_isWriting)
        {
            TakeReply();
        }
    }

    public void Dispose()
    {
        _pings.Dispose();
        _writes.Dispose();
    }

    private void Write()
    {
        if (nextWrite is null)
        {
            return;
        }
        if (_sentSize < _request.Length)
        {
            SendPart();
            return;
        }
        if (_isWriting && _writes.HasInput)
        {
            TakeReply();
        }
        if (_isWriting)
        {
            return;
        }
        _waitedAtWrite = cpu.Read().Waiting;
        _writeSent = Stopwatch.GetTimestamp();
        _request = nextWrite();
        _sentSize = 0;
        _isWriting = true;
        SendPart();
    }

    private void SendPart() =>
        _sentSize += _writes.SendSome(_request.AsSpan(_sentSize, Math.Min(PartSize, _request.Length - _sentSize)));

    private void TakeReply()
    {
        _writes.ReadReplies(1);
        _isWriting = false;
        double ms = Stopwatch.GetElapsedTime(_writeSent).TotalMilliseconds;
        Times.NoteWrite(ms, (cpu.Read().Waiting - _waitedAtWrite) / 1e6);
    }
}

/// <summary>The longest waits, and the most memory.</summary>
internal sealed class WaitTimes
{
    public double PingMs { get; private set; }

    /// <summary>The most processor time of the thread that runs commands between the replies to two PINGs.</summary>
    public double CpuMs { get; private set; }

    /// <summary>The longest PING without the time in which the thread was ready and something else had its processor.</summary>
    public double OwnPingMs { get; private set; }

    public double WriteMs { get; private set; }

    /// <summary>As <see cref="OwnPingMs"/>, of a write.</summary>
    public double OwnWriteMs { get; private set; }
    public long WriteCount { get; private set; }
    public long MostBytes { get; private set; }

    public void NotePing(double ms, double cpuMs, double waitedMs)
    {
        PingMs = Math.Max(PingMs, ms);
        OwnPingMs = Math.Max(OwnPingMs, ms - waitedMs);
        CpuMs = Math.Max(CpuMs, cpuMs);
    }

    public void NoteWrite(double ms, double waitedMs)
    {
        WriteMs = Math.Max(WriteMs, ms);
        OwnWriteMs = Math.Max(OwnWriteMs, ms - waitedMs);
        WriteCount++;
    }

    public void NoteMemory(long bytes) => MostBytes = Math.Max(MostBytes, bytes);
}
