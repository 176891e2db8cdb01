using System.Collections.Frozen;
using Bixbite.Hosting;
using Bixbite.Protocol;

namespace Bixbite;

/// <summary>
/// Commands that the server's owner calls one by one: each has a connection to itself until it is answered, and leaves nothing of its own
/// on it. Connections are kept for the next calls, up to a number. Owned by the server; any thread.
/// </summary>
internal sealed class DirectCalls(ServerInstance instance) : IDisposable
{
    private const int IdleCountMax = 16;

    /// <summary>Commands that make no sense without a connection that lasts.</summary>
    private static readonly FrozenSet<string> s_refused = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "ASKING", "AUTH", "DISCARD", "EXEC", "HELLO", "MONITOR", "MULTI", "PSUBSCRIBE", "PSYNC", "PUNSUBSCRIBE", "QUIT", "READONLY",
        "READWRITE", "REPLCONF", "RESET", "SELECT", "SSUBSCRIBE", "SUBSCRIBE", "SUNSUBSCRIBE", "SYNC", "UNSUBSCRIBE", "UNWATCH", "WATCH");

    /// <summary>Commands that may leave something on their connection, which ends with them.</summary>
    private static readonly FrozenSet<string> s_last = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "CLIENT", "DEBUG", "HIMPORT", "SCRIPT", "SHUTDOWN");

    private readonly Lock _lock = new();
    private readonly Stack<DirectConnection> _idle = new();
    private bool _isClosed;

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
        DirectConnection connection = Take();
        connection.Prepare(command, arguments);
        return CallAsync(connection, !s_last.Contains(command), cancellationToken);
    }

    /// <summary>Calls under way end as the server does.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            while (_idle.TryPop(out DirectConnection? connection))
            {
                connection.Dispose();
            }
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
            connection.Dispose();
            if (failure is IOException)
            {
                throw new BixbiteException(
                    "There is no reply: the server has stopped, or it has closed the connection of this call.", failure);
            }
            throw;
        }
        if (isKept)
        {
            Give(connection);
        }
        else
        {
            connection.Dispose();
        }
        return reply.IsError ? throw ErrorOf(reply) : new BixbiteReply(reply);
    }

    private static BixbiteException ErrorOf(Reply reply)
    {
        string text = reply.Text;
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        return new BixbiteException(text, space < 0 ? text : text[..space]);
    }

    private DirectConnection Take()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(BixbiteServer));
            if (_idle.TryPop(out DirectConnection? connection))
            {
                return connection;
            }
        }
        return new DirectConnection(instance.ConnectAsOwner());
    }

    private void Give(DirectConnection connection)
    {
        lock (_lock)
        {
            if (!_isClosed && !connection.IsSpent && _idle.Count < IdleCountMax)
            {
                _idle.Push(connection);
                return;
            }
        }
        connection.Dispose();
    }
}
