using System.Collections.Concurrent;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Durability;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.Sessions;
using Bixbite.Protocol;

namespace Bixbite.Crash.Lines;

/// <summary>
/// A promise as a stranger would add it: after QUORUM ON nothing reaches the client before others have acknowledged what it tells of. The
/// others are the test, which gets every change and acknowledges positions. The line is in use while some client asks for it.
/// </summary>
internal sealed class QuorumModule : Module
{
    public QuorumLine Line { get; } = new();

    public override void Add(ServerBuilder server)
    {
        server.AddLine(Line);
        var clients = server.AddPart(new QuorumClients(Line, server.Sessions));
        server.AddCommand(new Command(new CommandAttribute("quorum") { Arity = 2, Flags = "fast" }, clients.Choose));
    }

    public override void Connect(ServerBuilder server) => server.Get<Propagator>().Attach(Line);
}

/// <summary>Who has asked: RESET and the end of the connection take it back.</summary>
internal sealed class QuorumClients(QuorumLine line, SessionParts parts) : ISessionPart
{
    private readonly SessionSlot<object> _slot = parts.Slot<object>();
    private int _count;

    public void Choose(CommandContext context)
    {
        Put(context.Session, context[1].SequenceEqual("on"u8));
        context.Reply.Ok();
    }

    void ISessionPart.Reset(Session session) => Put(session, false);

    void ISessionPart.End(Session session) => Put(session, false);

    private void Put(Session session, bool isWanted)
    {
        if (_slot.Of(session) is not null == isWanted)
        {
            return;
        }
        _slot.Put(session, isWanted ? this : null);
        _count += isWanted ? 1 : -1;
        DurabilityLines.Ask(session, line, isWanted);
        line.SetWanted(_count > 0);
    }
}

/// <summary>Counts the bytes of all changes, as a stream to replicas would; the test acknowledges them.</summary>
internal sealed class QuorumLine() : DurabilityLine(concernsAll: false), IPropagationSink
{
    private readonly ConcurrentDictionary<int, long> _increments = new();
    private long _end;
    private long _promisedEnd;
    private long _turnEnd;
    private int _incrementCount;

    public override long End => Volatile.Read(ref _end);

    /// <summary>The position that the change reached which made a counter this number, if nothing else is incremented.</summary>
    public long EndOfIncrement(int number) => _increments[number];

    /// <summary>The others have everything.</summary>
    public void AcknowledgeAll() => Advance(End);

    public void SetWanted(bool isWanted) => Use(isWanted);

    public override long EndTurn()
    {
        long end = _promisedEnd > _turnEnd && _promisedEnd > ReachedEnd ? _promisedEnd : 0;
        _turnEnd = _end;
        return end;
    }

    public void Append(int database, ReadOnlySpan<byte> request, PropagationTargets targets)
    {
        Continue(request);
        if (request.IndexOf("INCR"u8) > 0)
        {
            _increments[++_incrementCount] = _end;
        }
    }

    public void Continue(ReadOnlySpan<byte> bytes)
    {
        Volatile.Write(ref _end, _end + bytes.Length);
        _promisedEnd = IsInUse ? _end : _promisedEnd;
    }
}
