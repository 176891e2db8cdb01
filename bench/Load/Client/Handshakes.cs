using System.Diagnostics;
using Bixbite.Net;

namespace Bixbite.Load.Client;

/// <summary>
/// Makes TLS connections and closes them again: as many as go while a few are under way at a time, or so many a second beside what else the
/// loop does. Each reads a little before it is closed, since the peer says after the handshake how it can be resumed.
/// </summary>
internal sealed class Handshakes(TlsLoop loop) : IOutgoingHandler
{
    private const int AtOnce = 16;
    private const int AtOnceMax = 200;
    private const int ECANCELED = 125;

    private readonly List<(Connection Connection, int Length)> _received = [];
    private long _startedAt;
    private long _begun;
    private double _seconds;
    private bool _isPaced;
    private bool _isOver;
    private string? _problem;

    /// <summary>Connections that were made.</summary>
    public long Count { get; private set; }

    /// <summary>Of so many a second those that were not: the server did not answer in time, or is so far behind that others wait.</summary>
    public long MissedCount { get; private set; }

    /// <summary>Connections a second, over so many seconds on this thread.</summary>
    public double Run(double seconds)
    {
        _seconds = seconds;
        _startedAt = Stopwatch.GetTimestamp();
        for (; _begun < AtOnce; _begun++)
        {
            loop.Connect(this);
        }
        loop.Run();
        _seconds = Stopwatch.GetElapsedTime(_startedAt).TotalSeconds;
        return _problem is null ? Count / _seconds : throw new IOException(_problem);
    }

    /// <summary>From now on so many a second, while the loop runs.</summary>
    public void Keep(int perSecond)
    {
        _isPaced = true;
        _startedAt = Stopwatch.GetTimestamp();
        loop.OnTick = () =>
        {
            long due = (long)(Stopwatch.GetElapsedTime(_startedAt).TotalSeconds * perSecond);
            for (; _begun < due; _begun++)
            {
                if (_begun - Count - MissedCount < AtOnceMax)
                {
                    loop.Connect(this);
                }
                else
                {
                    MissedCount++;
                }
            }
            return 1;
        };
    }

    public void Opened(Connection connection) => connection.Write("PING\r\n"u8);

    public void ConnectFailed(ConnectAttempt attempt, ConnectFailure failure)
    {
        if (_isPaced)
        {
            MissedCount++;
        }
        else if (!_isOver && failure.Errno != ECANCELED)
        {
            // The end of a run breaks off what is under way.
            _problem ??= failure.ToString();
            loop.Stop();
        }
    }

    public void Received(Connection connection, ulong address, int length) => _received.Add((connection, length));

    public void Execute()
    {
        foreach ((Connection connection, int length) in _received)
        {
            connection.Consume(length, again: false);
            connection.CloseAfterFlush();
            Count++;
        }
        _received.Clear();
        if (!_isPaced && Stopwatch.GetElapsedTime(_startedAt).TotalSeconds > _seconds)
        {
            _isOver = true;
            loop.Stop();
        }
    }

    public void Closed(Connection connection)
    {
        if (!_isPaced && !_isOver)
        {
            _begun++;
            loop.Connect(this);
        }
    }
}
