using System.Text;
using Bixbite.AccessControl;
using Bixbite.Commands.Connection;
using Bixbite.Commands.Keys;
using Bixbite.Commands.Lists;
using Bixbite.Commands.PubSub;
using Bixbite.Commands.Replication;
using Bixbite.Commands.Scripting;
using Bixbite.Commands.Strings;
using Bixbite.Commands.Transactions;
using Bixbite.Configuration;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.ClientTracking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Facts;
using Bixbite.Engine.Gates;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Observability;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.PubSub;
using Bixbite.Engine.Requests;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Statistics;
using Bixbite.Engine.Transactions;
using Bixbite.Hosting;
using Bixbite.Hosting.Modules;
using Bixbite.Keyspace;
using Bixbite.Logging;
using Bixbite.Memory;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;
using Bixbite.Protocol;
using Bixbite.Replication;
using Bixbite.Replication.Following;
using Bixbite.Replication.History;
using Bixbite.Replication.Migration;
using Bixbite.Replication.Primary;
using Bixbite.Replication.Streaming;
using Bixbite.Scripting;
using Bixbite.Scripting.Debugging;
using Bixbite.Scripting.Functions;
using Bixbite.Types;
using BindingFlags = System.Reflection.BindingFlags;
using MethodInfo = System.Reflection.MethodInfo;

namespace Bixbite.Unit.Engine;

/// <summary>
/// The engine without sockets and without a disk: a clock that stands still, clients within the process, a few commands of the server and
/// those of the test.
/// </summary>
internal sealed class EngineFixture : IDisposable
{
    private readonly ServerBuilder _server;
    private readonly ServerLog _log = new(new ManualClock(), "/dev/null");
    private readonly Cron _cron;
    private long _latestId;

    public EngineFixture(params ReadOnlySpan<Command> commands)
        : this([], commands)
    {
    }

    /// <summary>The engine with what these modules bring.</summary>
    public EngineFixture(IReadOnlyList<Module> modules, params ReadOnlySpan<Command> commands)
    {
        Settings = Composition.CreateSettings([.. modules]);
        _server = new ServerBuilder(Settings, Clock, _log);
        State = new DataState(_server.Raised);
        _server.Add(new CronSwitch());
        _server.Add(new ShutdownSignal());
        _server.Add(ValueTypes.BuiltIn);
        _server.Add<IDisk>(SystemDisk.Instance);
        Module[] all = [.. EngineModules(), .. modules];
        foreach (Module module in all)
        {
            module.Add(_server);
        }
        foreach (Module module in all)
        {
            module.Connect(_server);
        }
        _server.AddGate(new SnapshotGate(Get<SnapshotSettings>()));
        _server.AddGate(new AofGate(State));
        _server.AddGate(new GoodReplicasGate(_server.Role));
        _server.AddGate(new ReadOnlyReplicaGate());
        _server.AddGate(new StaleDataGate());
        _server.AddGate(new LoadingGate());
        _server.AddGate(new LoadingAsideGate());
        _server.AddGate(_server.AddPart(
            new MigrationGate(new Migrations(Changes, Raised, Get<WaitReruns>(), Pause, Get<CronAlarm>(), Clock))));
        RequestsModule.Finish(_server, [.. ServerCommands(), .. ScriptingCommands(), .. commands]);
        _cron = new Cron(_server);
        Context = CreateContext();
    }

    public ManualClock Clock { get; } = new();

    public Settings Settings { get; }

    public DataState State { get; }

    public CommandContext Context { get; }

    public InfoSections Info => _server.Info;

    public RaisedConcerns Raised => _server.Raised;

    public Heap Workspace => _server.Workspace;

    public SessionParts Parts => _server.Sessions;

    public Heap Heap => Get<Heap>();

    public CommandTime Time => Get<CommandTime>();

    public ChangeFeed Changes => Get<ChangeFeed>();

    public Databases Databases => Get<Databases>();

    public KeyAccess Keys => Get<KeyAccess>();

    public Propagator Propagator => Get<Propagator>();

    public MemoryGauge Memory => Get<MemoryGauge>();

    public ServerStatistics Statistics => Get<ServerStatistics>();

    public CommandLog SlowLog => Get<CommandLogs>().Slow;

    public LatencyMonitor Latency => Get<LatencyMonitor>();

    public MonitorClients Monitors => Get<MonitorClients>();

    public CommandRecorder Recorder => Get<CommandRecorder>();

    public SessionTable Sessions => Get<SessionTable>();

    public LazyRemoval Removal => Get<LazyRemoval>();

    public PauseGate Pause => Get<PauseGate>();

    public BlockedSessions Blocked => Get<BlockedSessions>();

    public KeyWaits Waits => Get<KeyWaits>();

    public WatchedKeys Watches => Get<WatchedKeys>();

    public TransactionQueue Transactions => Get<TransactionQueue>();

    public CommandRunner Runner => Get<CommandRunner>();

    public PubSubBroker PubSub => Get<PubSubBroker>();

    public KeyTracking Tracking => Get<KeyTracking>();

    public CommandTable Table => Get<CommandTable>();

    public GateList Gates => Get<GateList>();

    public Executor Executor => Get<Executor>();

    public Rounds Rounds => Get<Rounds>();

    public T Get<T>()
        where T : class => _server.Get<T>();

    public long NowMs => Clock.MonotonicUs / 1000;

    /// <summary>A command that answers +OK; tests give it flags.</summary>
    public static Command Probe(string name, string flags, CommandHandler? handler = null) =>
        new(new CommandAttribute(name) { Arity = -1, Flags = flags }, handler ?? (static context => context.Reply.Ok()));

    /// <summary>What a writer has written, taken out of it.</summary>
    public static string Take(ReplyWriter reply)
    {
        string text = Encoding.Latin1.GetString(reply.Buffer.Written(0));
        reply.Buffer.Truncate(0);
        return Plain(text);
    }

    /// <summary>RESP with blanks in place of line ends.</summary>
    public static string Plain(string resp) => resp.Replace("\r\n", " ", StringComparison.Ordinal).TrimEnd();

    public EngineClient Connect()
    {
        long id = ++_latestId;
        var link = new CollectingLink($"peer:{id}");
        var session = new Session(id, link, Databases[0], NowMs) { IsAuthenticated = true };
        Sessions.Add(session);
        Parts.Begin(session);
        return new EngineClient(this, session, link);
    }

    /// <summary>A turn of the lock ends: what waits that was sent in it, a position for each line.</summary>
    public long[] EndTurn() => Rounds.EndTurn().ToArray();

    /// <summary>A client is gone.</summary>
    public void Disconnect(EngineClient client) => Parts.End(client.Session);

    /// <summary>Time passes, and what happens by itself happens.</summary>
    public void AdvanceMs(long ms)
    {
        Clock.AdvanceMs(ms);
        _cron.Tick();
    }

    public Command Command(string name) => Table.FindFullName(Encoding.ASCII.GetBytes(name))!;

    public CommandContext CreateContext() => Get<ContextFactory>().Create(new ReplyWriter(new NativeBuffer(Workspace, 64)));

    public void Dispose()
    {
        Get<ScriptService>().Dispose();
        Propagator.Dispose();
        Workspace.Dispose();
        Heap.Dispose();
        _log.Dispose();
    }

    private static Module[] EngineModules() =>
    [
        new KeyspaceModule(seed: 7), new ObservabilityModule(), new SessionsModule(), new BlockingModule(),
        new ExecutionModule(), new TransactionsModule(), new PubSubModule(), new AccessControlModule(),
        new ClientTrackingModule(), new RequestsModule(), new ScriptingModule(),
    ];

    private Command[] ServerCommands()
    {
        var transactions = new Multi(Transactions, new TransactionRunner(Runner, Transactions));
        var watch = new Watch(Watches);
        var subscribe = new Subscribe(PubSub);
        var connection = new Ping(Databases);
        return
        [
            Declared(new Get().Run), Declared(new Set().Run), Declared(new Incr().Run),
            Declared(new Del(Get<LazyFreeSettings>()).Run),
            Declared(new LPush().Run), Declared(new LPush().RPush), Declared(new LPop(Waits).Run),
            Declared(new LPop(Waits).BLPop), Declared(new Wait(NoReplicas(), _server.Role, Clock).Run), Declared(transactions.Run),
            Declared(transactions.Exec), Declared(transactions.Discard), Declared(watch.Run), Declared(watch.Unwatch),
            Declared(subscribe.Run), Declared(subscribe.PSubscribe), Declared(subscribe.Unsubscribe),
            Declared(new Publish(PubSub).Run), Declared(connection.Run), Declared(connection.Select),
        ];
    }

    private ReplicaWaits NoReplicas()
    {
        ReplicationSettings settings = Get<ReplicationSettings>();
        AcknowledgementQuestions questions = new(Clock, new CronAlarm());
        StreamTools tools = new(SystemDisk.Instance, Clock, new CronAlarm(), _log);
        ReplicationStream stream = new(Propagator, new ReplicationHistory(), settings, Raised, questions, tools);
        return new ReplicaWaits(new Replicas(stream, settings, Raised, Parts, Clock, _log), stream, Blocked);
    }

    private Command[] ScriptingCommands()
    {
        var scripts = Get<ScriptService>();
        var eval = new Eval(scripts, Get<ScriptDebugger>(), Recorder);
        var script = new ScriptCommands(scripts, Get<ScriptDebugger>(), Get<LazyFreeSettings>());
        var fcall = new FCall(Get<FunctionService>(), Recorder);
        var function = new FunctionCommands(Get<FunctionService>(), Get<LongCommand>(), Get<LazyFreeSettings>());
        return
        [
            CreateContainer(typeof(ScriptCommands)), Declared(eval.Run), Declared(eval.EvalRo), Declared(eval.EvalSha),
            Declared(fcall.Run), Declared(fcall.FCallRo), CreateContainer(typeof(FunctionCommands)), Declared(function.Load),
            Declared(function.Delete), Declared(function.List), Declared(function.Flush), Declared(function.Stats),
            Declared(function.Kill),
            Declared(eval.EvalShaRo), Declared(script.Load), Declared(script.Exists), Declared(script.Flush), Declared(script.Kill),
            Declared(script.Show),
        ];
    }

    /// <summary>The container that a class declares.</summary>
    private static Command CreateContainer(Type type) =>
        Bixbite.Engine.Execution.Command.CreateContainer(
            type.GetCustomAttributes(typeof(CommandAttribute), inherit: false).Cast<CommandAttribute>().Single());

    /// <summary>A command of the server, as its attribute declares it.</summary>
    public static Command Declared(CommandHandler handler)
    {
        const BindingFlags Any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        CommandAttribute declaration =
            handler.Method.GetCustomAttributes(typeof(CommandAttribute), inherit: false).Cast<CommandAttribute>().Single();
        MethodInfo? keyFlags = declaration.KeyFlags.Length == 0 ? null : handler.Method.DeclaringType!.GetMethod(declaration.KeyFlags, Any);
        return new Command(declaration, handler, keyFlags?.CreateDelegate<KeyFlagsResolver>());
    }
}
