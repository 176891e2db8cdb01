using Bixbite.Engine.Durability;
using Bixbite.Engine.Lifecycle;

namespace Bixbite.Persistence.Aof;

/// <summary>
/// Durable on this server's disk for those who ask for it, whatever <c>appendfsync</c> says: what they change is synced when their turn
/// ends. With <c>always</c> everybody waits for the log's own line anyway, and without a log nobody does.
/// </summary>
public sealed class LocalLine : DurabilityLine
{
    private readonly AofWriter _log;
    private readonly DataState _state;
    private long _turnEnd;
    private bool _isAwaited;

    /// <param name="log">Whose positions they are.</param>
    /// <param name="state">Tells of trouble with the disk.</param>
    public LocalLine(AofWriter log, DataState state)
        : base(concernsAll: false, holdsReaders: false)
    {
        _log = log;
        _state = state;
        log.Synced += () => Advance(log.DurableEnd);
    }

    public override long End => _log.AppendedEnd;

    public override void NoteAwaited() => _isAwaited = true;

    public override long EndTurn()
    {
        bool hasChanged = End > _turnEnd;
        _turnEnd = End;
        if (_isAwaited && _log.IsOpen && !_log.IsGivenUp && _state.AofErrno == 0)
        {
            _isAwaited = false;
            _log.RequestSync();
        }
        return hasChanged && IsInUse && _log.IsOpen ? _turnEnd : 0;
    }

    /// <summary>Somebody asks for it, or nobody does any longer.</summary>
    public void SetWanted(bool isWanted) => Use(isWanted);
}
