using System.Net;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Facts;
using Bixbite.Engine.Lifecycle;
using Bixbite.Net;
using Bixbite.Net.Channels;
using Bixbite.Platform;

namespace Bixbite.Hosting;

/// <summary>
/// A server within this process, on threads of its own: one for each loop (<c>io-threads</c>). A process may have many; each takes two
/// descriptors a loop. docs/HOSTING.md shows its use.
/// <code>
///   Create ── Listen ── Start ── Ready ── ...serves... ── Completion ── Dispose
///   made      addresses threads, loading  loaded          Stop, ShutdownAsync, a client's SHUTDOWN, or no data to serve
/// </code>
/// <see cref="StartAsync"/> is the first four. Disposing is right in every state: it stops without saving and gives everything back.
/// </summary>
public sealed class ServerInstance : IDisposable, IAsyncDisposable
{
    private readonly LoopSet _loops;
    private readonly Listening _listening;
    private readonly Lifetime _lifetime;
    private readonly Transport _transport;
    private readonly ServerRole _role;
    private readonly IDisposable[] _owned;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Thread? _thread;
    private bool _isListening;
    private int _isDisposed;

    /// <param name="loops">Its loops.</param>
    /// <param name="listening">Its addresses.</param>
    /// <param name="lifetime">Its data's beginning and end.</param>
    /// <param name="transport">How clients reach it.</param>
    /// <param name="role">Its role.</param>
    /// <param name="owned">Disposed at the very end, in this order.</param>
    internal ServerInstance(
        LoopSet loops, Listening listening, Lifetime lifetime, Transport transport, ServerRole role, IDisposable[] owned)
    {
        _role = role;
        _loops = loops;
        _listening = listening;
        _lifetime = lifetime;
        _transport = transport;
        _owned = owned;
        _lifetime.Shutdown.Requested += _loops.Stop;
        _lifetime.Loaded += OnLoaded;
    }

    /// <summary>The data has been loaded, and clients are served; on a loop's thread. <see cref="Ready"/> is the same as a task.</summary>
    public event Action? Loaded;

    /// <summary>It follows a primary from now on, or no longer; on a loop's thread.</summary>
    public event Action? RoleChanged
    {
        add => _role.Changed += value;
        remove => _role.Changed -= value;
    }

    /// <summary>
    /// Ends when clients are served; with a <see cref="ServerStartException"/> if the data cannot be loaded, cancelled if the server ends
    /// before.
    /// </summary>
    public Task Ready => _ready.Task;

    /// <summary>
    /// Ends when the server serves no more, for whatever reason; with an exception only if it has failed within. Then disposing gives back
    /// its addresses, connections and files, but not its memory, since nobody knows what of it is sound.
    /// </summary>
    public Task Completion => _completion.Task;

    /// <summary>The TCP port; 0 where the server listens on none.</summary>
    public int Port => _listening.Port;

    /// <summary>The port where TLS is spoken; 0 where the server listens on none.</summary>
    public int TlsPort => _listening.TlsPort;

    /// <summary>The addresses on which it listens. Any thread.</summary>
    public IReadOnlyList<EndPoint> EndPoints => _listening.EndPoints;

    /// <summary>It follows a primary.</summary>
    public bool IsReplica => _role.IsReplica;

    /// <summary>True on a thread of the server.</summary>
    public bool IsCurrent => _loops.IsCurrent;

    /// <summary>Connections now open.</summary>
    public int ConnectionCount => _loops.ConnectionCount;

    /// <summary>All that it tells of itself; what its facts are now is read by <see cref="RunAsync"/>.</summary>
    public required InfoSections Info { get; init; }

    /// <summary>The exit code for a process that is this server's: 0, or 1 if the data could not be loaded. Once it has ended.</summary>
    public int ExitCode => _lifetime.Shutdown.ExitCode;

    /// <summary><see cref="Terminate"/> was asked for and is under way. Any thread.</summary>
    public bool IsTerminating => _lifetime.IsEnding;

    /// <summary>Serves clients, whoever accepts them.</summary>
    internal Service Clients => _loops.Clients;

    /// <summary>Makes a server, which does nothing yet.</summary>
    /// <exception cref="ServerStartException">The options contradict each other or the world.</exception>
    public static ServerInstance Create(ServerOptions options)
    {
        options.Take();
        return Composition.Build(options);
    }

    /// <summary>Makes a server and starts it; the task ends when its data is there and clients are served.</summary>
    /// <exception cref="ServerStartException">An address cannot be had, or the data cannot be loaded: nothing is left.</exception>
    public static async Task<ServerInstance> StartAsync(ServerOptions options, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ServerInstance server = Create(options);
        try
        {
            server.Start();
            await server.Ready.WaitAsync(cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Opens the addresses, if it is to have any: clients may connect, and wait. Part of <see cref="Start"/> unless called before.
    /// </summary>
    /// <exception cref="ServerStartException">An address cannot be had.</exception>
    public void Listen()
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        if (_isListening)
        {
            return;
        }
        if (_transport >= Transport.Sockets && _listening.Open() is { } problem)
        {
            throw new ServerStartException(problem);
        }
        _isListening = true;
    }

    /// <summary>Begins to load the data and to serve, on threads of its own. Once.</summary>
    /// <exception cref="ServerStartException">An address or a thread cannot be had.</exception>
    public void Start()
    {
        Listen();
        if (_thread is not null)
        {
            throw new InvalidOperationException("The server was started before: make another one.");
        }
        _thread = WorkerThread.TryStart("loop-0", Serve) ?? throw new ServerStartException(WorkerThread.Refusal);
    }

    /// <summary>
    /// Makes a connection within the process and returns its client's end, over which RESP is spoken as over a socket. It counts as a
    /// client of this machine, with an address <c>pipe:number</c> and the descriptor -1, and all rules for clients hold:
    /// <c>maxclients</c>, output limits, <c>CLIENT KILL</c>. At most 64 KiB are on their way in each direction; a client that does not
    /// read makes writes wait. Served once the server is started; closed at once if it has stopped. Any thread.
    /// </summary>
    /// <exception cref="InvalidOperationException">The server has no transport.</exception>
    public InProcessStream Connect() => Connect(isTrusted: false);

    /// <summary>
    /// As <see cref="Connect()"/>, for the server's owner: the client is asked for no password and may do everything, whatever users may,
    /// until it logs in as one of them.
    /// </summary>
    /// <exception cref="InvalidOperationException">The server has no transport.</exception>
    public InProcessStream ConnectAsOwner() => Connect(isTrusted: true);

    /// <summary>
    /// Runs the action with the execution lock, between the rounds of the first loop. Ends cancelled where the server has ended before.
    /// Any thread.
    /// </summary>
    public async Task RunAsync(Action action)
    {
        TaskCompletionSource ran = new(TaskCreationOptions.RunContinuationsAsynchronously);
        EventLoop first = _loops.Loops[0];
        first.Post(() => first.RunLocked(() =>
        {
            try
            {
                action();
                ran.TrySetResult();
            }
            catch (Exception failure)
            {
                ran.TrySetException(failure);
            }
        }));
        await Task.WhenAny(ran.Task, Completion).ConfigureAwait(false);
        ran.TrySetCanceled();
        await ran.Task.ConfigureAwait(false);
    }

    /// <summary>Ends the server after the rounds under way, without saving: <see cref="Completion"/> follows. Any thread.</summary>
    public void Stop() => _lifetime.Shutdown.Request();

    /// <summary>
    /// Saves what is to be saved, as SHUTDOWN does, and ends the server. Any thread but those of the server.
    /// </summary>
    /// <param name="options">Those of SHUTDOWN.</param>
    /// <param name="onlyIfChanged">Where nothing is said: only what the last snapshot lacks is saved.</param>
    /// <exception cref="InvalidOperationException">Saving fails: the server goes on.</exception>
    public async Task ShutdownAsync(SignalShutdown options = SignalShutdown.Default, bool onlyIfChanged = false)
    {
        TaskCompletionSource<bool> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        PostEnd(options, answer.SetResult, onlyIfChanged);
        await Task.WhenAny(answer.Task, Completion).ConfigureAwait(false);
        if (answer.Task.IsCompletedSuccessfully && !await answer.Task.ConfigureAwait(false))
        {
            throw new InvalidOperationException(
                "The data could not be saved, so the server goes on: its log says why; disposing stops it without saving.");
        }
        await Completion.ConfigureAwait(false);
    }

    /// <summary>Saves what is to be saved, then ends the server; it goes on where saving fails, unless forced. Any thread.</summary>
    public void Terminate(SignalShutdown options) => PostEnd(options, static _ => { });

    /// <summary>Before the process ends without waiting for <see cref="Terminate"/>: leaves no unfinished file. Any thread.</summary>
    public void DropUnfinished() => _lifetime.DropUnfinished();

    /// <summary>Stops without saving, and gives everything back. Not by a thread of the server.</summary>
    public void Dispose()
    {
        if (!BeginDispose())
        {
            return;
        }
        _thread?.Join();
        GiveBack();
    }

    /// <summary>As <see cref="Dispose"/>, without holding a thread while the loops end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!BeginDispose())
        {
            return;
        }
        if (_thread is not null)
        {
            await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _thread.Join();
        }
        GiveBack();
    }

    /// <summary>Serves another kind of connections beside the clients, with a handler on each loop. Before <see cref="Start"/>.</summary>
    internal Service Serve(Func<EventLoop, IConnectionHandler> createHandler) => _loops.Serve(createHandler);

    /// <summary>Runs the action on the first loop's thread, between its rounds. Any thread; for tests.</summary>
    internal void Post(Action action) => _loops.Loops[0].Post(action);

    private InProcessStream Connect(bool isTrusted) => _transport == Transport.None
        ? throw new InvalidOperationException("The server has no transport: choose another in its options.")
        : _loops.Clients.Connect(isTrusted);

    private void Serve()
    {
        try
        {
            _lifetime.Begin();
            _loops.Run();
        }
        catch (Exception failure)
        {
            _loops.BreakOff();
            if (failure is ServerStartException)
            {
                _ready.TrySetException(failure);
            }
            _ready.TrySetCanceled();
            _completion.SetException(failure);
            return;
        }
        if (_lifetime.Problem is { } problem)
        {
            _ready.TrySetException(new ServerStartException(
                $"The data cannot be loaded: {problem}; put a sound file in its place, or move it away to start without its data."));
        }
        _ready.TrySetCanceled();
        _completion.SetResult();
    }

    private void OnLoaded()
    {
        Loaded?.Invoke();
        _ready.TrySetResult();
    }

    private void PostEnd(SignalShutdown options, Action<bool> answer, bool onlyIfChanged = false)
    {
        _lifetime.Announce();
        EventLoop first = _loops.Loops[0];
        first.Post(() => first.RunLocked(() => _lifetime.End(options, answer, onlyIfChanged)));
    }

    private bool BeginDispose()
    {
        if (_loops.IsCurrent)
        {
            throw new InvalidOperationException("A server cannot be disposed by a thread of its own: call Stop, and dispose it elsewhere.");
        }
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return false;
        }
        Stop();
        return true;
    }

    private void GiveBack()
    {
        _listening.Dispose();
        // Before the loops, which hear from the log's thread.
        _lifetime.Dispose();
        if (Completion.IsFaulted)
        {
            _loops.Abandon();
            return;
        }
        _loops.Dispose();
        foreach (IDisposable owned in _owned)
        {
            owned.Dispose();
        }
    }
}
