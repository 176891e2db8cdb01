using Bixbite.Persistence.Aof;
using Bixbite.Replication.Streaming;

namespace Bixbite.Replication.Following;

/// <summary>
/// How far this server's log is on its disk, told in positions of the primary's stream. One pair of positions is watched at a time, so it
/// may say less than there is, never more. Under the execution lock.
/// </summary>
internal sealed class LoggedPosition(AofWriter log, DurabilityWaits waits, ReplicationStream stream)
{
    private long _logEnd = long.MaxValue;
    private long _streamEnd;
    private long? _end;

    /// <summary>Everything before it is durable; null without a log that counts.</summary>
    public long? End
    {
        get
        {
            if (!log.IsOpen || !waits.IsInForce)
            {
                Forget();
                return null;
            }
            if (log.DurableEnd >= _logEnd)
            {
                _end = _streamEnd;
                _logEnd = long.MaxValue;
            }
            if (log.DurableEnd >= log.AppendedEnd)
            {
                _end = stream.End;
            }
            else if (_logEnd == long.MaxValue)
            {
                (_logEnd, _streamEnd) = (log.AppendedEnd, stream.End);
            }
            return _end ?? 0;
        }
    }

    /// <summary>Positions of another stream come.</summary>
    public void Forget()
    {
        _logEnd = long.MaxValue;
        _end = null;
    }
}
