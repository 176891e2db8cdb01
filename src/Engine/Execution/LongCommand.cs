using System.Diagnostics.CodeAnalysis;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Protocol;

namespace Bixbite.Engine.Execution;

/// <summary>
/// The one command that takes long, while there is one: a script that has run for <c>busy-reply-threshold</c>, or EXEC around it. The keys
/// are its alone until it is over, which others see by <see cref="Concern.Busy"/>.
/// <code>
///   EVAL, or EXEC around it ── CommandContext.Suspend ── Begin: its request is kept, the concern is raised
///   cron ── LongCommandRunner ── LongOperation.Run ──┬ not over: the next round
///                                                    └ over: the reply; End: the concern is lowered; who waits for keys is served
///   others meanwhile ── BusyGate: -BUSY, but for commands with allow_busy; or they wait, where it holds them
///   what touches keys by itself rests: CronTask.TouchesKeys, eviction, ReadyKeyDispatcher
/// </code>
/// </summary>
/// <param name="raised">Where the concern is raised.</param>
/// <param name="time">The time that commands see: for this one it stands still.</param>
/// <param name="heap">Pays for the request that is kept.</param>
public sealed class LongCommand(RaisedConcerns raised, CommandTime time, Heap heap) : ISuspensions, ISessionPart
{
    private readonly List<Action> _waiting = [];
    private long _unixMs;
    private long _steadyUs;

    /// <summary>Called when one has begun: it wants its slices.</summary>
    public Action? Began { get; set; }

    /// <summary>PING and INFO are answered meanwhile; as in Redis they are not.</summary>
    public bool AnswersProbes { get; set; }

    /// <summary>Some command takes long now.</summary>
    [MemberNotNullWhen(true, nameof(Operation))]
    public bool IsRunning => Operation is not null;

    /// <summary>Others wait until it is over, or until it holds them no longer.</summary>
    public bool HoldsOthers => Operation is { HoldsOthers: true };

    /// <summary>Called when those need not wait any more whom it has held.</summary>
    public Action? Freed { get; set; }

    /// <summary>The answer to commands that must not run now.</summary>
    public ReadOnlySpan<byte> BusyError => Operation is { } operation ? operation.BusyError : default;

    /// <summary>The request that takes long, be it within a transaction.</summary>
    public ReadOnlySpan<Argument> Arguments => Operation is { } operation ? operation.Request : default;

    internal LongOperation? Operation { get; private set; }

    /// <summary>Runs an action as soon as nothing is half done: now, or when the command is over.</summary>
    public void WhenOver(Action action)
    {
        if (IsRunning)
        {
            _waiting.Add(action);
        }
        else
        {
            action();
        }
    }

    /// <summary>Has the command end soon, if that leaves nothing half done; false if it must be waited for.</summary>
    public bool TryStop() => Operation?.TryStop() ?? true;

    /// <summary>
    /// The context's command takes long from now on. Its client runs nothing else, and what is sent to it waits for its reply.
    /// </summary>
    void ISuspensions.Begin(BlockedOperation operation, CommandContext context)
    {
        Invariant.Require(Operation is null, "One command at a time takes long.");
        Operation = (LongOperation)operation;
        operation.Keep(context.Command, new KeptRequest(heap, context.Arguments), context.Redacted);
        operation.Count();
        operation.Session.Set(SessionFlags.Blocked, true);
        operation.Session.Withheld ??= [];
        _unixMs = time.UnixMs;
        _steadyUs = time.SteadyUs;
        raised.Set(Concern.Busy, true);
        Began?.Invoke();
    }

    /// <summary>Who waits runs no RESET.</summary>
    void ISessionPart.Reset(Session session)
    {
    }

    /// <summary>The command goes on without its client.</summary>
    void ISessionPart.End(Session session)
    {
    }

    /// <summary>The command is about to go on, and sees the time at which it began.</summary>
    internal void RestoreTime() => time.Set(_unixMs, _steadyUs);

    /// <summary>The command is over: its client gets the reply, and then what has waited for it.</summary>
    internal void End(ReadOnlySpan<byte> reply)
    {
        LongOperation operation = Operation!;
        Session session = operation.Session;
        Operation = null;
        raised.Set(Concern.Busy, false);
        Freed?.Invoke();
        operation.Release();
        session.Set(SessionFlags.Blocked, false);
        session.Link.SendReply(reply, session.TakeUnconfirmed());
        session.SendWithheld();
        session.Link.Resume();
    }

    /// <summary>Runs what has waited for the end.</summary>
    internal void RunWaiting()
    {
        Action[] actions = [.. _waiting];
        _waiting.Clear();
        foreach (Action action in actions)
        {
            WhenOver(action);
        }
    }
}
