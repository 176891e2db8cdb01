using Bixbite.Engine.ClientTracking;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Platform;
using Bixbite.Protocol;

namespace Bixbite.Engine.Blocking;

/// <summary>Gives the command that takes long its slices, under the execution lock, between the rounds.</summary>
public sealed class LongCommandRunner
{
    private const long SliceUs = 2000;
    private const int ReplySizeKept = 64 * 1024;

    private readonly LongCommand _command;
    private readonly CommandContext _context;
    private readonly CommandRunner _runner;
    private readonly CommandRecorder _recorder;
    private readonly ReadyKeyDispatcher _readyKeys;
    private readonly KeyTracking _tracking;
    private readonly RequestBatch _batch;
    private LongOperation? _begun;

    /// <summary>The context, its reply buffer and the batch are the server's alone.</summary>
    public LongCommandRunner(
        LongCommand command, CommandContext context, RequestBatch batch, CommandRunner runner, CommandRecorder recorder,
        ReadyKeyDispatcher readyKeys, KeyTracking tracking)
    {
        _command = command;
        _context = context;
        _batch = batch;
        _runner = runner;
        _recorder = recorder;
        _readyKeys = readyKeys;
        _tracking = tracking;
    }

    /// <summary>One slice of the command, if there is one; returns the milliseconds until the next.</summary>
    public long RunSlice(IClock clock)
    {
        if (_command is { IsRunning: true, HoldsOthers: false })
        {
            _command.Freed?.Invoke();
        }
        if (_command.Operation is not { IsResting: false } operation)
        {
            return CronTask.Never;
        }
        ReplyWriter reply = _context.Reply;
        _recorder.BeginRound();
        _command.RestoreTime();
        _batch.Clear();
        _batch.Add(operation.Arguments);
        if (_begun != operation)
        {
            _begun = operation;
            reply.Begin();
        }
        _context.Begin(operation, _batch, 0, operation.Command);
        if (_tracking.IsOn)
        {
            _tracking.BeginCommand(operation.Session);
        }
        if (!_runner.GoOn(_context, operation, CronTask.SliceOf(clock, SliceUs)))
        {
            _tracking.LeaveCommand();
            return 0;
        }
        End(operation);
        return CronTask.Never;
    }

    /// <summary>Within a transaction replies come with several slices: they stay in the buffer until the last.</summary>
    private void End(LongOperation operation)
    {
        ReplyWriter reply = _context.Reply;
        if (operation.IsSilent)
        {
            reply.Buffer.Truncate(0);
        }
        if (_tracking.IsFollowing)
        {
            _tracking.EndCommand(_context);
        }
        bool isCut = reply.IsOverflown;
        _command.End(reply.Buffer.Written(0));
        if (isCut)
        {
            operation.Session.Link.Abort();
        }
        reply.Buffer.Truncate(0);
        reply.Buffer.Shrink(ReplySizeKept);
        _batch.Clear();
        _begun = null;
        if (_readyKeys.HasReady)
        {
            _readyKeys.Run();
        }
        _command.RunWaiting();
    }
}
