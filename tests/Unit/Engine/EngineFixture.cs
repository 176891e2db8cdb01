using System.Reflection;
using System.Text;
using Bixbite.Commands.Connection;
using Bixbite.Commands.Keys;
using Bixbite.Commands.Lists;
using Bixbite.Commands.PubSub;
using Bixbite.Commands.Strings;
using Bixbite.Commands.Transactions;
using Bixbite.Configuration;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.ClientTracking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Gates;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Observability;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.PubSub;
using Bixbite.Engine.Requests;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Statistics;
using Bixbite.Engine.Transactions;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Platform;
using Bixbite.Protocol;
using Bixbite.Types;

namespace Bixbite.Unit.Engine;

/// <summary>
/// The engine without sockets and without a disk: a clock that stands still, clients within the process, a few commands of the server and
/// those of the test.
/// </summary>
internal sealed class EngineFixture : IDisposable
{
    private readonly ContextFactory _contexts;
    private long _latestId;

    public EngineFixture(params ReadOnlySpan<Command> commands)
    {
        Access = new AccessClock(Time);
        Values = new ValueContext(Heap, seed: 7);
        Databases = new Databases(4, Values, Access, LazyFree);
        Keys = new KeyAccess(Time, Access, KeyStatistics, Changes);
        Propagator = new Propagator(Changes, Keys, Workspace);
        Memory = new MemoryGauge(Heap, Raised);
        State = new DataState(Raised);
        Recorder = new CommandRecorder(Statistics, SlowLog, Latency, Monitors, Time, Clock);
        Pause = new PauseGate(Values.Saving, Raised);
        Blocked = new BlockedSessions(new NativeBuffer(Workspace, 64), Workspace, Recorder);
        Waits = new KeyWaits(Blocked, Removal, Clock);
        Watches = new WatchedKeys(Keys, Removal, Parts);
        Transactions = new TransactionQueue(Watches, Workspace, Parts);
        Runner = new CommandRunner(Propagator, Recorder, Pause);
        PubSub = new PubSubBroker(Workspace, Removal, Parts);
        Tracking = new KeyTracking(Changes, Sessions, Parts, new TrackedKeys(Values.Seed), Workspace) { Memory = Memory };
        Runner.ReadObserver = Tracking;
        foreach (ISessionPart part in (ISessionPart[])[Blocked, Pause, Monitors, Transactions, PubSub, Tracking])
        {
            Parts.Add(part);
        }
        Changes.Subscribe(Waits);
        Changes.Subscribe(Watches);
        Table.Fill([.. ServerCommands(), .. commands]);
        var eviction = new Eviction(Databases, Access, LazyFree, KeyStatistics, Changes, Memory, Clock);
        Gates = ServerGates.Create(Table, Raised, Transactions, Settings, Memory, eviction, Pause, State);
        _contexts = new ContextFactory(Keys, Changes, Time, Propagator.Effects, Blocked, Parts.Slot<UnfinishedReply>());
        Context = CreateContext();
        ReadyKeys = new ReadyKeyDispatcher(Waits, CreateContext(), new RequestBatch(Workspace), Runner, Recorder, Tracking);
        Executor = new Executor(
            new Prefetcher(Table), new Admission(Table, Gates), Transactions, Runner, Recorder, ReadyKeys, Tracking);
    }

    public ManualClock Clock { get; } = new();

    public Settings Settings { get; } = new();

    public RaisedConcerns Raised { get; } = new();

    public Heap Heap { get; } = new();

    public Heap Workspace { get; } = new();

    public CommandTime Time { get; } = new();

    public AccessClock Access { get; }

    public LazyFree LazyFree { get; } = new();

    public ChangeFeed Changes { get; } = new();

    public KeyspaceStatistics KeyStatistics { get; } = new();

    public ValueContext Values { get; }

    public Databases Databases { get; }

    public KeyAccess Keys { get; }

    public Propagator Propagator { get; }

    public MemoryGauge Memory { get; }

    public DataState State { get; }

    public ServerStatistics Statistics { get; } = new();

    public SlowLog SlowLog { get; } = new();

    public LatencyMonitor Latency { get; } = new();

    public MonitorClients Monitors { get; } = new();

    public CommandRecorder Recorder { get; }

    public SessionTable Sessions { get; } = new();

    public SessionParts Parts { get; } = new();

    public LazyRemoval Removal { get; } = new();

    public PauseGate Pause { get; }

    public BlockedSessions Blocked { get; }

    public KeyWaits Waits { get; }

    public WatchedKeys Watches { get; }

    public TransactionQueue Transactions { get; }

    public CommandRunner Runner { get; }

    public PubSubBroker PubSub { get; }

    public KeyTracking Tracking { get; }

    public CommandTable Table { get; } = new();

    public GateList Gates { get; }

    public CommandContext Context { get; }

    public ReadyKeyDispatcher ReadyKeys { get; }

    public Executor Executor { get; }

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
        return new EngineClient(this, session, link);
    }

    /// <summary>A client is gone.</summary>
    public void Disconnect(EngineClient client) => Parts.End(client.Session);

    /// <summary>Time passes, and what happens by itself happens.</summary>
    public void AdvanceMs(long ms)
    {
        Clock.AdvanceMs(ms);
        Blocked.RunTimeouts(NowMs);
        Pause.RunTimeout(NowMs);
        Pause.RunSaving(Clock.MonotonicUs);
        Executor.RunBetweenRounds();
    }

    public Command Command(string name) => Table.FindFullName(Encoding.ASCII.GetBytes(name))!;

    public CommandContext CreateContext() => _contexts.Create(new ReplyWriter(new NativeBuffer(Workspace, 64)));

    public void Dispose()
    {
        Propagator.Dispose();
        Workspace.Dispose();
        Heap.Dispose();
    }

    private Command[] ServerCommands()
    {
        var transactions = new Multi(Transactions, new TransactionRunner(Runner));
        var watch = new Watch(Watches);
        var subscribe = new Subscribe(PubSub);
        var connection = new Ping(Databases);
        return
        [
            Declared(new Get().GetValue), Declared(new Set().SetValue), Declared(new Incr().Increment), Declared(new Del(Settings).Delete),
            Declared(new LPush().PushLeft), Declared(new LPush().PushRight), Declared(new LPop(Waits).PopLeft),
            Declared(new LPop(Waits).PopLeftOrWait), Declared(new Wait(Clock).WaitForReplicas), Declared(transactions.Begin),
            Declared(transactions.Execute), Declared(transactions.Discard), Declared(watch.Begin), Declared(watch.End),
            Declared(subscribe.Channels), Declared(subscribe.Patterns), Declared(subscribe.EndChannels),
            Declared(new Publish(PubSub).ToChannel), Declared(connection.Answer), Declared(connection.Select),
        ];
    }

    /// <summary>A command of the server, as its attribute declares it.</summary>
    public static Command Declared(CommandHandler handler)
    {
        const BindingFlags Any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        CommandAttribute declaration = handler.Method.GetCustomAttributes<CommandAttribute>().Single();
        MethodInfo? keyFlags = declaration.KeyFlags.Length == 0 ? null : handler.Method.DeclaringType!.GetMethod(declaration.KeyFlags, Any);
        return new Command(declaration, handler, keyFlags?.CreateDelegate<KeyFlagsResolver>());
    }
}
