using System.Globalization;
using Bixbite.AccessControl;
using Bixbite.Commands;
using Bixbite.Configuration;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Requests;
using Bixbite.Engine.Sessions;
using Bixbite.Hosting;
using Bixbite.Hosting.Modules;
using Bixbite.Keyspace;
using Bixbite.Logging;
using Bixbite.Memory;
using Bixbite.Persistence.Startup;
using Bixbite.Persistence.Values;
using Bixbite.Platform;
using Bixbite.Protocol;
using Bixbite.Replication;
using Bixbite.Replication.Following;
using Bixbite.Replication.History;
using Bixbite.Replication.Primary;
using Bixbite.Replication.Streaming;
using Bixbite.Unit.Persistence.Aof;

namespace Bixbite.Fuzz.Targets.Replication;

/// <summary>
/// A whole server without sockets, with a disk that is a dictionary and a clock that stands still, on one thread: a target is its network
/// and its cron. It is used again and again; whoever changes it puts it back.
/// </summary>
internal sealed class ReplicationScene
{
    /// <summary>No wait for one of the server's threads is longer.</summary>
    private const int PatienceMs = 20_000;

    private readonly ServerBuilder _server;
    private readonly Func<int> _tick;
    private readonly CommandContext _context;
    private readonly RequestParser _parser = new();

    public ReplicationScene()
    {
        IReadOnlyList<Module> modules = Composition.CreateModules();
        Settings settings = Composition.SettingsOf(modules);
        Log = new ServerLog(Clock, static (_, _) => { });
        _server = new ServerBuilder(settings, Clock, Log);
        _server.Add(new ServerIdentity(new string('0', 40), "fuzz", "", 0, 0));
        _server.Add(ValueCodecs.BuiltIn);
        _server.Add(ValueCodecs.BuiltIn.Types);
        _server.Add<IDisk>(new MemoryDisk());
        foreach (Module module in modules)
        {
            module.Add(_server);
        }
        foreach (Module module in modules)
        {
            module.Connect(_server);
        }
        RequestsModule.Finish(_server, CommandCatalog.Create(_server.Services));
        AccessControlModule.Load(_server, []);
        Require(Get<FullSyncSettings>().DisklessDelaySeconds.Load(["0"]) is null, "a setting is refused");
        Require(Get<ReplicationSettings>().BacklogSize.Load(["4096"]) is null, "a setting is refused");
        // The cron lasts as long as the process, as the scene does.
        _tick = new Cron(_server).Tick;
        _context = Get<ContextFactory>().Create(new ReplyWriter(new NativeBuffer(_server.Workspace, 64)));
        StartupLoad startup = Get<StartupLoad>();
        startup.Begin();
        Await(() => startup.IsOver, "the server does not start");
    }

    public ManualClock Clock { get; } = new();

    public ServerLog Log { get; }

    public Follower Follower => Get<Follower>();

    public ReplicationStream Stream => Get<ReplicationStream>();

    public ReplicationHistory History => Get<ReplicationHistory>();

    public Replicas Replicas => Get<Replicas>();

    /// <summary>Bytes that are no data.</summary>
    public long WorkspaceBytes => _server.Workspace.UsedBytes;

    public T Get<T>()
        where T : class => _server.Get<T>();

    public static void Require(bool isSo, string complaint)
    {
        if (!isSo)
        {
            throw new InvalidOperationException(complaint);
        }
    }

    /// <summary>So much time passes; what happens by itself happens, and the turn ends.</summary>
    public void Tick(long ms = 0)
    {
        Clock.AdvanceMs(ms);
        _tick();
        Get<Rounds>().EndTurn();
    }

    /// <summary>Ticks until one of the server's threads has done something.</summary>
    public void Await(Func<bool> condition, string complaint)
    {
        long startedMs = Environment.TickCount64;
        while (!condition())
        {
            Require(Environment.TickCount64 - startedMs < PatienceMs, complaint);
            Tick();
            Thread.Yield();
        }
    }

    public Session Connect(ILink link)
    {
        SessionTable table = Get<SessionTable>();
        var session = new Session(table.NextId(), link, Get<Databases>()[0], Clock.MonotonicUs / 1000) { IsAuthenticated = true };
        table.Add(session);
        Get<SessionParts>().Begin(session);
        session.Raise(Concern.Access, false);
        return session;
    }

    /// <summary>Its connection is gone.</summary>
    public void Disconnect(Session session)
    {
        ParseState? state = session.ParseState;
        _parser.Discard(ref state);
        session.ParseState = state;
        Get<SessionParts>().End(session);
    }

    /// <summary>
    /// Runs the whole requests among a client's bytes, those that may be run, and returns how many bytes are done with; -1 where the rest
    /// makes no sense. Replies go to its link.
    /// </summary>
    public int Run(Session session, ulong address, int length, Predicate<ReadOnlySpan<byte>> mayRun)
    {
        using var batch = new RequestBatch(_server.Workspace);
        ParseState? state = session.ParseState;
        ParseResult result = _parser.Parse(address, length, batch, ref state, ParseLimits.Default);
        session.ParseState = state;
        Get<Rounds>().Begin();
        Get<Executor>().Prefetch(session.Database, batch, 0, batch.Count);
        for (int i = 0; i < batch.Count && session.IsReady; i++)
        {
            if (mayRun(batch.Arguments(i)[0].Bytes))
            {
                Get<Executor>().Execute(_context, session, batch, i);
                session.Link.Send(_context.Reply.Buffer.Written(0));
                _context.Reply.Buffer.Truncate(0);
            }
        }
        Get<Rounds>().End();
        session.Activity.LastSeenMs = Clock.MonotonicUs / 1000;
        return result.Status == ParseStatus.ProtocolError ? -1 : result.Consumed;
    }

    /// <summary>Removes all keys, and tells replicas.</summary>
    public void Flush(Session session) => Run(session, "FLUSHALL");

    /// <summary>Runs a request of words.</summary>
    public void Run(Session session, params ReadOnlySpan<string> words)
    {
        var text = new System.Text.StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"*{words.Length}\r\n");
        foreach (string word in words)
        {
            text.Append(CultureInfo.InvariantCulture, $"${word.Length}\r\n{word}\r\n");
        }
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(text.ToString());
        using var memory = new GuardedInput(bytes.Length);
        Require(Run(session, memory.Place(bytes), bytes.Length, static _ => true) == bytes.Length, "a request makes no sense");
    }
}
