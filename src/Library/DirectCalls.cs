using System.Collections.Frozen;
using System.Diagnostics;
using Bixbite.Hosting;
using Bixbite.Protocol;

namespace Bixbite;

/// <summary>
/// Commands that the server's owner calls one by one: each has a connection to itself until it is answered, and leaves nothing of its own
/// on it. Connections are kept for the next calls, up to a number. Owned by the server; any thread.
/// </summary>
internal sealed class DirectCalls : IDisposable
{
    private const string NoReply = "There is no reply: the server has stopped, or it has closed the connection of this call.";

    private const int IdleCountMax = 16;

    /// <summary>Commands that make no sense without a connection that lasts.</summary>
    private static readonly FrozenSet<string> s_refused = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "ASKING", "AUTH", "DISCARD", "EXEC", "HELLO", "MONITOR", "MULTI", "PSUBSCRIBE", "PSYNC", "PUNSUBSCRIBE", "QUIT", "READONLY",
        "READWRITE", "REPLCONF", "RESET", "SELECT", "SSUBSCRIBE", "SUBSCRIBE", "SUNSUBSCRIBE", "SYNC", "UNSUBSCRIBE", "UNWATCH", "WATCH");

    /// <summary>Commands that may leave something on their connection, which ends with them.</summary>
    private static readonly FrozenSet<string> s_last = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "CLIENT", "DEBUG", "HIMPORT", "SCRIPT", "SHUTDOWN");

    private readonly ServerInstance _instance;
    private readonly Lock _lock = new();
    private readonly Stack<DirectConnection> _idle = new();
    private readonly HashSet<DirectConnection> _busy = [];
    private bool _isDisposed;
    private bool _isStopped;

    public DirectCalls(ServerInstance instance)
    {
        _instance = instance;

        // A server that has met a mistake of its own closes nothing.
        _ = instance.Completion.ContinueWith(
            static (_, calls) => ((DirectCalls)calls!).Stop(),
            this,
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
    }

    /// <summary>Sends a command, whose arguments are read before this returns.</summary>
    public Task<BixbiteReply> ExecuteAsync(
        string command, ReadOnlySpan<BixbiteArgument> arguments, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(command);
        bool isSilencing = command.Equals("CLIENT", StringComparison.OrdinalIgnoreCase)
            && arguments.Length > 0 && arguments[0].ToString().Equals("REPLY", StringComparison.OrdinalIgnoreCase);
        if (isSilencing || s_refused.Contains(command))
        {
            throw new ArgumentException(
                $"'{command}' is about a connection, and a call has none that lasts: send it over one of Connect().", nameof(command));
        }
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<BixbiteReply>(cancellationToken);
        }
        if (Take() is not { } connection)
        {
            return Task.FromException<BixbiteReply>(new BixbiteException(NoReply));
        }
        try
        {
            connection.Prepare(command, arguments);
        }
        catch
        {
            Give(connection, isKept: false);
            throw;
        }
        bool isKept = !s_last.Contains(command);
        return CallTrace.IsOn
            ? TraceAsync(command, connection, isKept, cancellationToken)
            : CallAsync(connection, isKept, cancellationToken);
    }

    /// <summary>Calls under way end as the server does.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            while (_idle.TryPop(out DirectConnection? connection))
            {
                connection.Dispose();
            }
        }
    }

    /// <summary>The server serves nobody any more: calls under way fail.</summary>
    private void Stop()
    {
        lock (_lock)
        {
            _isStopped = true;
            foreach (DirectConnection connection in (DirectConnection[])[.. _idle, .. _busy])
            {
                connection.Dispose();
            }
            _idle.Clear();
        }
    }

    private async Task<BixbiteReply> TraceAsync(
        string command, DirectConnection connection, bool isKept, CancellationToken cancellationToken)
    {
        using Activity? activity = CallTrace.Start(command);
        try
        {
            return await CallAsync(connection, isKept, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            CallTrace.Fail(activity, failure);
            throw;
        }
    }

    private async Task<BixbiteReply> CallAsync(DirectConnection connection, bool isKept, CancellationToken cancellationToken)
    {
        Reply reply;
        try
        {
            reply = await connection.CallAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Give(connection, isKept: false);
            if (failure is IOException or ObjectDisposedException)
            {
                throw new BixbiteException(NoReply, failure);
            }
            throw;
        }
        Give(connection, isKept);
        return reply.IsError ? throw ErrorOf(reply) : new BixbiteReply(reply);
    }

    private static BixbiteException ErrorOf(Reply reply)
    {
        string text = reply.Text;
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        return new BixbiteException(text, space < 0 ? text : text[..space]);
    }

    /// <summary>A connection for one call; null where the server has stopped.</summary>
    private DirectConnection? Take()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(BixbiteServer));
            if (_isStopped)
            {
                return null;
            }
            if (!_idle.TryPop(out DirectConnection? connection))
            {
                connection = new DirectConnection(_instance.ConnectAsOwner());
            }
            _busy.Add(connection);
            return connection;
        }
    }

    private void Give(DirectConnection connection, bool isKept)
    {
        lock (_lock)
        {
            _busy.Remove(connection);
            if (isKept && !_isStopped && !connection.IsSpent && _idle.Count < IdleCountMax)
            {
                _idle.Push(connection);
                return;
            }
        }
        connection.Dispose();
    }
}
