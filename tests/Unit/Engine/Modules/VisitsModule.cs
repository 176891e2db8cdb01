using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Facts;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Sessions;
using Bixbite.Protocol;

namespace Bixbite.Unit.Engine.Modules;

/// <summary>
/// A capability as a stranger would add it: VISIT counts the visits of its client, of which it may make a few a second. A service, a
/// command, a setting, a gate, a part of each session, a field of CLIENT LIST, a section of INFO and something that happens by itself.
/// </summary>
public sealed class VisitsModule : Module
{
    public override void AddSettings(Settings settings) => settings.Add(new VisitsSettings(settings));

    public override void Add(ServerBuilder server)
    {
        Visits visits = server.AddPart(new Visits(server.Sessions, server.Get<VisitsSettings>()));
        server.AddCommand(new Command(new CommandAttribute("visit") { Arity = 1, Flags = "fast" }, context => visits.Visit(context)));
        server.AddGate(new VisitsGate(visits));
        server.AddCron(new CronTask(CronStage.Sampling, _ => visits.Forgive()) { PeriodMs = 1000 });
        InfoSection section = server.Info["Visits"];
        section.Counter("visits", () => visits.Total);
        section.Gauge("visitors", () => visits.VisitorCount);
        server.Info["Clients"].Gauge("visiting_clients", () => visits.VisitorCount);
    }
}

/// <summary>How often a client may visit before it rests.</summary>
public sealed class VisitsSettings
{
    public readonly LongSetting CountMax;

    public VisitsSettings(Settings settings) =>
        CountMax = settings["Visits"].Add(new LongSetting("visits-max", 3, 1) { Description = "How many visits make a client tired." });
}

/// <summary>Who has visited how often.</summary>
public sealed class Visits(SessionParts parts, VisitsSettings settings) : ISessionPart
{
    private readonly SessionSlot<Visitor> _slot = parts.Slot<Visitor>();
    private readonly List<Session> _tired = [];

    public long Total { get; private set; }

    public int VisitorCount { get; private set; }

    public int CountOf(Session session) => _slot.Of(session)?.Count ?? 0;

    public void Visit(CommandContext context)
    {
        if (_slot.Of(context.Session) is not { } visitor)
        {
            _slot.Put(context.Session, visitor = new Visitor());
            VisitorCount++;
        }
        visitor.Count++;
        Total++;
        if (visitor.Count % settings.CountMax.Value == 0)
        {
            context.Session.Raise(VisitsGate.Tired, true);
            _tired.Add(context.Session);
        }
        context.Reply.Integer(visitor.Count);
    }

    public long Forgive()
    {
        foreach (Session session in _tired)
        {
            session.Raise(VisitsGate.Tired, false);
        }
        _tired.Clear();
        return CronTask.Never;
    }

    void ISessionPart.End(Session session)
    {
        VisitorCount -= _slot.Of(session) is null ? 0 : 1;
        _slot.Put(session, null);
        _tired.Remove(session);
        session.Raise(VisitsGate.Tired, false);
    }

    void ISessionPart.Describe(ClientText text)
    {
        text.Add("visits", session => CountOf(session));
        text.AddFlag('v', session => CountOf(session) > 0);
    }

    private sealed class Visitor
    {
        public int Count { get; set; }
    }
}

/// <summary>Whoever has visited often rests for a while.</summary>
public sealed class VisitsGate(Visits visits) : Gate(Tired)
{
    /// <summary>One of the bits that are free for modules.</summary>
    public const Concern Tired = (Concern)(1 << 10);

    public override Verdict Ask(CommandContext context, CommandFlags flags)
    {
        if (context.Command.Declaration.Name != "visit")
        {
            return Verdict.Admitted;
        }
        context.Reply.Error(ErrorText.OutOfRange);
        return visits.CountOf(context.Session) > 0 ? Verdict.Refused : Verdict.Admitted;
    }
}
