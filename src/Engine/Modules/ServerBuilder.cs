using Bixbite.Configuration;
using Bixbite.Engine.Durability;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Facts;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Metrics;
using Bixbite.Engine.Records;
using Bixbite.Engine.Sessions;
using Bixbite.Logging;
using Bixbite.Memory;
using Bixbite.Platform;

namespace Bixbite.Engine.Modules;

/// <summary>A server while it is put together: what modules add to and find each other's services in.</summary>
public sealed class ServerBuilder
{
    private readonly List<Gate> _gates = [];
    private readonly List<Command> _commands = [];
    private readonly List<CronTask> _cronTasks = [];

    public ServerBuilder(Settings settings, IClock clock, ServerLog log)
    {
        Settings = Add(settings);
        Services.AddAll(settings.Groups);
        Clock = Add(clock);
        Log = Add(log);
        Raised = Add(new RaisedConcerns());
        Role = Add(new ServerRole());
        Sessions = Add(new SessionParts());
        Info = Add(new InfoSections());
        Records = Add(new RecordKinds());
        Add(new FactMetrics(Info));
        Add(new MetricSources());
        Add(new Readiness());
        Add(new CommandTable());
    }

    /// <summary>All settings; those of each capability are services as well.</summary>
    public Settings Settings { get; }

    public IClock Clock { get; }

    public ServerLog Log { get; }

    public RaisedConcerns Raised { get; }

    /// <summary>Whether the server follows another one.</summary>
    public ServerRole Role { get; }

    public ServiceRegistry Services { get; } = new();

    /// <summary>Those who keep something for clients.</summary>
    public SessionParts Sessions { get; }

    /// <summary>The facts of the server.</summary>
    public InfoSections Info { get; }

    /// <summary>Data beside the keys that snapshots and logs keep.</summary>
    public RecordKinds Records { get; }

    /// <summary>Of buffers that are used again and again, and of copies that sessions hold and count: no data.</summary>
    public Heap Workspace { get; } = new();

    public IReadOnlyList<Gate> Gates => _gates;

    public IReadOnlyList<Command> Commands => _commands;

    public IReadOnlyList<CronTask> CronTasks => _cronTasks;

    /// <summary>The service of a module that came before.</summary>
    public T Get<T>()
        where T : class => Services.Get<T>();

    /// <summary>Adds a service.</summary>
    public T Add<T>(T service)
        where T : class => Services.Add(service);

    /// <summary>Adds a service that keeps something for clients.</summary>
    public T AddPart<T>(T service)
        where T : class, ISessionPart
    {
        Sessions.Add(service);
        return Add(service);
    }

    /// <summary>Adds a reason why a request may not run.</summary>
    public void AddGate(Gate gate) => _gates.Add(gate);

    /// <summary>Adds a command that no attribute declares.</summary>
    public void AddCommand(Command command) => _commands.Add(command);

    /// <summary>Adds something that output can wait for.</summary>
    public void AddLine(DurabilityLine line) => Get<DurabilityLines>().Add(line);

    /// <summary>Adds something that happens by itself.</summary>
    public void AddCron(CronTask task) => _cronTasks.Add(task);

    /// <summary>Hands the value of a setting to who keeps it in a form of his own, now and whenever CONFIG SET changes it.</summary>
    public static void Follow(Setting setting, Action apply)
    {
        apply();
        setting.Changed += apply;
    }
}
