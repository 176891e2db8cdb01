using System.Globalization;
using System.Text;
using Bixbite.Persistence.Transfer;
using Bixbite.Platform;

namespace Bixbite.Persistence.Saving;

/// <summary>
/// Several receivers that get the same bytes. They go at the pace of the slowest, but one that takes nothing for too long, or fails, is
/// dropped, and the others go on; the snapshot fails when nobody is left.
/// <code>
///   receiver a   | piece ......... |            the next piece comes when all have taken this one
///   receiver b   | piece ...       |
///   with a mark  $EOF:mark CR LF, the bytes, mark: the receiver of a stream without a known length finds its end
/// </code>
/// </summary>
internal sealed class SinkTarget : ISnapshotTarget
{
    /// <summary>After so long it is asked again how patient it is to be.</summary>
    private const int LookMs = 1000;

    private readonly List<Receiver> _receivers = [];
    private readonly byte[] _mark;
    private readonly Func<int> _patienceMs;
    private readonly IClock _clock;
    private readonly Doorbell _room = new();
    private volatile bool _hasFailed;
    private volatile bool _isInterrupted;

    /// <param name="sinks">At least one; each is told of the end, whatever it is.</param>
    /// <param name="mark">What stands before and after the bytes, or nothing.</param>
    /// <param name="patienceMs">A sink that takes nothing for so long is dropped. Called by the thread that writes.</param>
    /// <param name="clock">Tells how long that is.</param>
    public SinkTarget(IEnumerable<IByteSink> sinks, ReadOnlySpan<byte> mark, Func<int> patienceMs, IClock clock)
    {
        foreach (IByteSink sink in sinks)
        {
            sink.RoomMade = _room.Ring;
            _receivers.Add(new Receiver(sink));
        }
        _mark = mark.ToArray();
        _patienceMs = patienceMs;
        _clock = clock;
    }

    public string Name => string.Join(", ", _receivers.Select(receiver => receiver.Sink.Name));

    public bool IsFile => false;

    public bool HasFailed => _hasFailed;

    private long NowMs => _clock.MonotonicUs / 1000;

    public string? Open() => _mark.Length == 0 ? null : Write(Encoding.Latin1.GetBytes($"$EOF:{Encoding.Latin1.GetString(_mark)}\r\n"));

    public string? Write(ReadOnlySpan<byte> piece)
    {
        long nowMs = NowMs;
        foreach (Receiver receiver in _receivers)
        {
            receiver.Begin(nowMs);
        }
        while (Offer(piece))
        {
            if (_isInterrupted)
            {
                return ISnapshotTarget.Cancelled;
            }
            _room.Wait(PatienceLeftMs(piece.Length));
        }
        if (_isInterrupted)
        {
            return ISnapshotTarget.Cancelled;
        }
        _hasFailed = _receivers.Count == 0;
        return _hasFailed ? "nobody takes it any more" : null;
    }

    public string? Complete()
    {
        if (Write(_mark) is { } problem)
        {
            return problem;
        }
        _receivers.ForEach(static receiver => receiver.Close(problem: null));
        return null;
    }

    public void Discard(string problem) => _receivers.ForEach(receiver => receiver.Close(problem));

    public void Interrupt()
    {
        _isInterrupted = true;
        _room.Ring();
    }

    public void Dispose() => _room.Dispose();

    /// <summary>Gives each receiver as much of the piece as it takes; true if somebody is to have more of it.</summary>
    private bool Offer(ReadOnlySpan<byte> piece)
    {
        long nowMs = NowMs;
        int patienceMs = _patienceMs();
        bool isLeft = false;
        for (int i = _receivers.Count - 1; i >= 0; i--)
        {
            Receiver receiver = _receivers[i];
            if (receiver.Offer(piece, nowMs) is { } failure)
            {
                Drop(receiver, failure);
            }
            else if (receiver.TakenCount < piece.Length && nowMs - receiver.ProgressMs >= patienceMs)
            {
                Drop(receiver, string.Create(CultureInfo.InvariantCulture, $"it took nothing for {patienceMs} ms"));
            }
            else
            {
                isLeft |= receiver.TakenCount < piece.Length;
            }
        }
        return isLeft;
    }

    private void Drop(Receiver receiver, string problem)
    {
        _receivers.Remove(receiver);
        receiver.Close(problem);
    }

    /// <summary>Until the next one may have to be dropped of those that are to have more of the piece.</summary>
    private int PatienceLeftMs(int pieceSize)
    {
        int patienceMs = _patienceMs();
        long firstMs = long.MaxValue;
        foreach (Receiver receiver in _receivers)
        {
            firstMs = receiver.TakenCount < pieceSize ? Math.Min(firstMs, receiver.ProgressMs + patienceMs) : firstMs;
        }
        return (int)Math.Clamp(firstMs - NowMs, 0, LookMs);
    }

    /// <summary>A sink and how much of the piece it has.</summary>
    private sealed class Receiver(IByteSink sink)
    {
        public IByteSink Sink { get; } = sink;

        public int TakenCount { get; private set; }

        /// <summary>When it took something last, or was offered the piece.</summary>
        public long ProgressMs { get; private set; }

        /// <summary>It gets no more.</summary>
        public void Close(string? problem)
        {
            Sink.RoomMade = null;
            Sink.Close(problem);
        }

        public void Begin(long nowMs)
        {
            TakenCount = 0;
            ProgressMs = nowMs;
        }

        /// <summary>Null, or why it takes no more.</summary>
        public string? Offer(ReadOnlySpan<byte> piece, long nowMs)
        {
            int count = 1;
            while (TakenCount < piece.Length && (count = Sink.TryWrite(piece[TakenCount..])) > 0)
            {
                TakenCount += count;
                ProgressMs = nowMs;
            }
            return count < 0 ? Errno.Text(-count) : null;
        }
    }
}
