using Bixbite.Load.Servers;
using Bixbite.Net;
using Bixbite.Net.Channels;
using Bixbite.Platform;
using Bixbite.Platform.OpenSsl;

namespace Bixbite.Load.Client;

/// <summary>
/// Clients over TLS on this thread, for one run: an event loop as the server has them. It makes a fraction of the system calls of
/// redis-benchmark and <c>openssl s_time</c>, which are slower than a fast server and so would be the limit.
/// </summary>
internal sealed class TlsLoop : ILoopUser, IDisposable
{
    private readonly EventLoop _loop;
    private readonly ConnectTarget _target;
    private readonly TlsContext _context;

    /// <param name="port">Where the server speaks TLS.</param>
    /// <param name="files">Its certificate, which is to be trusted.</param>
    /// <param name="isResuming">Connections go on with what an earlier one has agreed on.</param>
    /// <param name="isNewest">TLS 1.3; otherwise 1.2.</param>
    public TlsLoop(int port, TlsFiles files, bool isResuming = false, bool isNewest = true)
    {
        _loop = new EventLoop(this, SystemClock.Instance);
        TlsFile certificate = new(files.Certificate, File.ReadAllBytes(files.Certificate));
        TlsContextOptions options = new()
        {
            Certificate = certificate,
            Key = new TlsFile(files.Key, File.ReadAllBytes(files.Key)),
            Trusted = [certificate],
            IsResumable = isResuming,
            AllowsTls12 = !isNewest,
            AllowsTls13 = isNewest,
        };
        _context = TlsContextMaker.Create(options, out string problem) ?? throw new IOException(problem);
        TlsConnector connector = new(_context, "localhost");
        _target = ConnectTarget.Tcp("127.0.0.1", port) with { Wrap = connector.Wrap, TimeoutMs = 30_000 };
    }

    /// <summary>Called every so often; returns milliseconds until it wants to be called again.</summary>
    public Func<int> OnTick { get; set; } = static () => 1000;

    public void Connect(IOutgoingHandler handler) => _loop.Connect(_target, handler);

    /// <summary>Serves until somebody stops it, and closes all connections.</summary>
    public void Run() => _loop.Run();

    public void Stop() => _loop.Stop();

    public int Tick() => OnTick();

    public void Dispose()
    {
        _loop.Dispose();
        _context.Dispose();
    }
}
