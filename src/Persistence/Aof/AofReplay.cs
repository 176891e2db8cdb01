using System.Globalization;
using System.Text;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Requests;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Transactions;
using Bixbite.Keyspace;
using Bixbite.Logging;
using Bixbite.Memory;
using Bixbite.Protocol;

namespace Bixbite.Persistence.Aof;

/// <summary>
/// A session without a client that repeats the requests of a log. A request that answers an error now answered none when it was logged, so
/// the log does not fit the data before it: the error is told, and it goes on, as Redis does.
/// </summary>
public sealed class AofReplay : IAofReplay
{
    private const int ErrorCountLogged = 10;
    private const int TextSizeMax = 128;

    private readonly Executor _executor;
    private readonly Rounds _rounds;
    private readonly CommandContext _context;
    private readonly Databases _databases;
    private readonly TransactionQueue _transactions;
    private readonly ServerLog _log;
    private Session _session = null!;
    private long _errorCount;

    /// <param name="executor">Runs the requests.</param>
    /// <param name="rounds">Told that requests are about to run.</param>
    /// <param name="context">Its own; the replies written there are dropped.</param>
    /// <param name="databases">The data.</param>
    /// <param name="transactions">Ends one that is not whole.</param>
    /// <param name="log">Where errors are told.</param>
    /// <param name="heap">Pays for what is read of the log.</param>
    public AofReplay(
        Executor executor, Rounds rounds, CommandContext context, Databases databases, TransactionQueue transactions, ServerLog log,
        Heap heap)
    {
        _executor = executor;
        _rounds = rounds;
        _context = context;
        _databases = databases;
        _transactions = transactions;
        _log = log;
        Heap = heap;
    }

    internal Heap Heap { get; }

    bool IAofReplay.IsInTransaction => _session.Has(SessionFlags.InTransaction);

    void IAofReplay.BeginFile() => _session = new Session(0, new NoLink(), _databases[0], 0)
    {
        IsAuthenticated = true,
    };

    void IAofReplay.BeginSlice() => _rounds.Begin();

    void IAofReplay.Prefetch(RequestBatch batch, int first, int end) => _executor.Prefetch(_session.Database, batch, first, end);

    string? IAofReplay.Run(RequestBatch batch, int index, long offset)
    {
        long errors = _context.Reply.ErrorCount;
        bool isDone = _executor.Replay(_context, _session, batch, index);
        string? problem = isDone
            ? null
            : $"Unknown command '{Text(batch.Arguments(index)[0].Bytes)}' reading the append only file ({Text(_context.Reply.LastError)})";
        if (isDone && _context.Reply.ErrorCount != errors && _errorCount++ < ErrorCountLogged)
        {
            _log.Write(
                LogLevel.Warning,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The request '{Text(batch.Arguments(index)[0].Bytes)}' of the append only log, at byte {offset}, answers an error: ")
                + Text(_context.Reply.LastError));
        }
        _context.Reply.Buffer.Truncate(0);
        return problem;
    }

    void IAofReplay.AbandonTransaction() => _transactions.Abandon(_session);

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, TextSizeMax)]);
}
