using System.Diagnostics.Metrics;
using System.Net;
using Bixbite.Hosting;
using Bixbite.Hosting.Telemetry;

namespace Bixbite;

/// <summary>
/// A Redis-compatible server within this process, on threads of its own. A process may have hundreds; each has its own data, settings and
/// time. Nothing listens and nothing is on a disk unless the options ask for it. All members may be used by any thread. To be disposed: one
/// that is forgotten serves on until the process ends, which it does not hold up.
/// </summary>
/// <example>
/// <code>
/// await using var server = await BixbiteServer.StartAsync();
/// await server.ExecuteAsync("SET", "greeting", "hello");
/// string? greeting = (await server.ExecuteAsync("GET", "greeting")).AsString();
/// </code>
/// </example>
public sealed class BixbiteServer : IAsyncDisposable, IDisposable
{
    /// <summary>The name that the meters of servers should have: see <see cref="BixbiteOptions.Meter"/>.</summary>
    public const string MeterName = "Bixbite";

    /// <summary>
    /// The name of the activity source that has a span for each call of <see cref="ExecuteAsync(string, ReadOnlySpan{BixbiteArgument})"/>,
    /// with the attributes of OpenTelemetry's conventions for databases.
    /// </summary>
    public const string ActivitySourceName = "Bixbite";

    private readonly ServerInstance _instance;
    private readonly IDisposable? _log;
    private readonly DirectCalls _calls;
    private readonly ServerMeter? _meter;
    private readonly DataFolder? _folder;

    private BixbiteServer(ServerInstance instance, IDisposable? log, ServerMeter? meter, DataFolder? folder)
    {
        _instance = instance;
        _log = log;
        _meter = meter;
        _folder = folder;
        _calls = new DirectCalls(instance);
    }

    /// <summary>The addresses on which the server listens; none unless the options name some. A free port is known here.</summary>
    public IReadOnlyList<EndPoint> EndPoints => _instance.EndPoints;

    /// <summary>
    /// Ends when the server serves no more, for whatever reason: it was stopped or disposed, or a client has sent <c>SHUTDOWN</c>. It fails
    /// only where the server has met a mistake of its own.
    /// </summary>
    public Task Completion => _instance.Completion;

    /// <summary>Starts a server with the defaults: in memory alone, reachable within this process only.</summary>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <returns>The server, once clients are served.</returns>
    /// <exception cref="BixbiteException">It cannot start; the message says what is wrong and what to do.</exception>
    public static Task<BixbiteServer> StartAsync(CancellationToken cancellationToken = default) =>
        StartAsync(new BixbiteOptions(), cancellationToken);

    /// <summary>Starts a server with the options that the action sets.</summary>
    /// <param name="configure">Sets options that are the defaults at first.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <returns>The server, once its data is loaded and clients are served.</returns>
    /// <exception cref="BixbiteException">It cannot start; the message says what is wrong and what to do.</exception>
    public static Task<BixbiteServer> StartAsync(Action<BixbiteOptions> configure, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(configure);
        BixbiteOptions options = new();
        configure(options);
        return StartAsync(options, cancellationToken);
    }

    /// <summary>Starts a server.</summary>
    /// <param name="options">Read before this returns; they may be used for another server, or changed, afterwards.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <returns>The server, once its data is loaded and clients are served.</returns>
    /// <exception cref="BixbiteException">It cannot start; the message says what is wrong and what to do.</exception>
    public static async Task<BixbiteServer> StartAsync(BixbiteOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        cancellationToken.ThrowIfCancellationRequested();
        Meter? meter = options.Meter;
        ServerOptions taken = options.Take();
        DataFolder? folder = null;
        try
        {
            folder = options.DataDirectory is { } path ? DataFolder.Take(path) : null;
            ServerInstance instance = await ServerInstance.StartAsync(taken, cancellationToken).ConfigureAwait(false);
            return new BixbiteServer(instance, taken.Log, meter is null ? null : new ServerMeter(meter, instance), folder);
        }
        catch (Exception failure)
        {
            taken.Log?.Dispose();
            folder?.Dispose();
            if (failure is ServerStartException)
            {
                throw new BixbiteException(failure.Message, failure);
            }
            throw;
        }
    }

    /// <summary>
    /// Sends a command and returns its reply. Each call stands by itself, in database 0: commands that change what a connection is, such as
    /// <c>MULTI</c>, <c>SELECT</c> and <c>SUBSCRIBE</c>, are refused. Calls may overlap; one that waits, as <c>BLPOP</c> does, holds up no
    /// other. The caller is the server's owner: no password is asked, and no user's rules apply.
    /// </summary>
    /// <param name="command">The name of a command.</param>
    /// <param name="arguments">Its arguments: strings, bytes and numbers.</param>
    /// <returns>The reply, in the types of RESP3.</returns>
    /// <exception cref="BixbiteException">The command answers an error, or the server has stopped.</exception>
    /// <exception cref="ArgumentException">The command needs a connection of its own.</exception>
    /// <exception cref="ObjectDisposedException">The server is disposed.</exception>
    public Task<BixbiteReply> ExecuteAsync(string command, params ReadOnlySpan<BixbiteArgument> arguments) =>
        _calls.ExecuteAsync(command, arguments, CancellationToken.None);

    /// <summary>As the other overload, for a call that may be given up.</summary>
    /// <param name="command">The name of a command.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Gives up waiting for the reply. The command may have been carried out all the same.</param>
    /// <returns>The reply, in the types of RESP3.</returns>
    /// <exception cref="BixbiteException">The command answers an error, or the server has stopped.</exception>
    /// <exception cref="ArgumentException">The command needs a connection of its own.</exception>
    /// <exception cref="ObjectDisposedException">The server is disposed.</exception>
    public Task<BixbiteReply> ExecuteAsync(
        string command, IEnumerable<BixbiteArgument> arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return _calls.ExecuteAsync(command, [.. arguments], cancellationToken);
    }

    /// <summary>
    /// Makes a connection within the process, over which RESP is spoken as over a socket: for client libraries that take a stream. It
    /// counts as a client (<c>maxclients</c>, <c>CLIENT LIST</c>, limits of output) and begins as the server's owner, without a password;
    /// <c>AUTH</c> makes it another user. At most 64 KiB are on their way in each direction. A stopped server closes it.
    /// </summary>
    /// <returns>
    /// The client's end, which one thread may read while another writes; disposing it closes the connection. Where the server has met a
    /// mistake of its own, reading and writing are an <see cref="IOException"/>.
    /// </returns>
    public Stream Connect() => _instance.ConnectAsOwner();

    /// <summary>
    /// Saves what the settings say is to be saved, as <c>SHUTDOWN</c> does, and stops the server. One that has stopped is left alone.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting; the server may stop all the same.</param>
    /// <returns>Ends when nobody is served any more.</returns>
    /// <exception cref="BixbiteException">Saving fails, and the server goes on.</exception>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await _instance.ShutdownAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidOperationException failure) when (!Completion.IsCompleted)
        {
            throw new BixbiteException(failure.Message, failure);
        }
    }

    /// <summary>
    /// Stops the server and gives everything back: connections, addresses, threads, memory. One with a data directory saves before as
    /// <see cref="StopAsync"/> does, unless a snapshot of it has everything; where that fails it stops all the same, and its log says why:
    /// call <see cref="StopAsync"/> to know.
    /// </summary>
    /// <returns>Ends when nothing is left of the server.</returns>
    /// <exception cref="InvalidOperationException">A thread of the server disposes it.</exception>
    public async ValueTask DisposeAsync()
    {
        if (_instance.IsCurrent)
        {
            throw new InvalidOperationException(
                "A server cannot be disposed by a thread of its own, such as that of its logger: do it elsewhere.");
        }
        if (_folder is not null)
        {
            await _instance.ShutdownAsync(onlyIfChanged: true).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        _calls.Dispose();
        _meter?.Dispose();
        await _instance.DisposeAsync().ConfigureAwait(false);
        _log?.Dispose();
        _folder?.Dispose();
    }

    /// <summary>As <see cref="DisposeAsync"/>, and waits for it. Not on a thread of the server, such as that of its logger.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();
}
