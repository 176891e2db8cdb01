using Bixbite.Cluster.Document;

namespace Bixbite.Cluster.Bus;

/// <summary>The connection to one node on which this one asks; whoever comes first opens it, all others wait for that.</summary>
internal sealed class BusPeer(BusNetwork network, ClusterId node) : IAsyncDisposable
{
    /// <summary>Between two attempts to reach the node; whoever asks meanwhile has no answer at once.</summary>
    private const int RetryMs = 100;

    /// <summary>Nothing was heard for so long, while somebody waited for an answer: the machine may be gone without a word.</summary>
    private const int SilenceMs = 300;

    private readonly Lock _lock = new();
    private Task<BusConnection?>? _dialed;
    private long _dialedAtMs;
    private bool _isOver;

    internal async ValueTask<ReadOnlyMemory<byte>?> AskAsync(byte topic, ReadOnlyMemory<byte> payload, CancellationToken cancellation)
    {
        long startedMs = Environment.TickCount64;
        if (Dial() is not { } dialed || await dialed.WaitAsync(cancellation).ConfigureAwait(false) is not { } connection)
        {
            return null;
        }
        try
        {
            return await connection.AskAsync(topic, payload, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            long nowMs = Environment.TickCount64;
            if (nowMs - startedMs >= SilenceMs && nowMs - connection.HeardAtMs >= SilenceMs)
            {
                connection.Close();
            }
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task<BusConnection?>? dialed;
        lock (_lock)
        {
            _isOver = true;
            dialed = _dialed;
        }
        if (dialed is not null && await dialed.ConfigureAwait(false) is { } connection)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The connection that is open or being opened, or a new one; null while it is too early for another attempt.</summary>
    private Task<BusConnection?>? Dial()
    {
        lock (_lock)
        {
            if (_dialed is { } dialed && (!dialed.IsCompleted || (dialed.IsCompletedSuccessfully && dialed.Result is { IsOpen: true })))
            {
                return dialed;
            }
            long nowMs = Environment.TickCount64;
            if (_isOver || (_dialed is not null && nowMs - _dialedAtMs < RetryMs))
            {
                return null;
            }
            _dialedAtMs = nowMs;
            return _dialed = Task.Run(() => network.DialAsync(node));
        }
    }
}
