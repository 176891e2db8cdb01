using System.Globalization;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Requests;
using Bixbite.Engine.Sessions;
using Bixbite.Logging;
using Bixbite.Memory;
using Bixbite.Protocol;
using Bixbite.Replication.Streaming;
using Bixbite.Structures.Text;
using Encoding = System.Text.Encoding;

namespace Bixbite.Replication.Following;

/// <summary>
/// Runs the requests of a primary's stream, and hands on its bytes as they came. A position counts when everything before it has run; a
/// transaction runs, and is handed on, as a whole.
/// <code>
///   bytes     | request | request | MULTI | request | request | EXEC | requ
///   stream    | request | request |                                  ^ now the bytes from MULTI on, which waited in Pending
///   positions           ^ End, what is acknowledged                        ^ taken and parsed
/// </code>
/// Under the execution lock; one for the server, whoever the primary is.
/// </summary>
internal sealed class StreamApplier : IDisposable
{
    /// <summary>Requests looked ahead for prefetching.</summary>
    private const int GroupCount = 32;

    private const int PendingSizeKept = 64 * 1024;
    private const int ReplySizeKept = 64 * 1024;
    private const int ErrorCountLogged = 10;
    private const int TextSizeMax = 128;

    private static ReadOnlySpan<byte> NotRepeated => "ERR this command is none of a primary's"u8;

    private readonly Executor _executor;
    private readonly Rounds _rounds;
    private readonly CommandContext _context;
    private readonly ReplicationStream _stream;
    private readonly ServerLog _log;
    private readonly RequestParser _parser = new();
    private readonly RequestBatch _batch;
    private readonly NativeBuffer _pending;
    private ParseState? _state;
    private long _errorCount;

    /// <param name="executor">Runs the requests.</param>
    /// <param name="rounds">Told when requests begin and end.</param>
    /// <param name="context">Its own; the replies written there are dropped.</param>
    /// <param name="stream">Gets the bytes.</param>
    /// <param name="log">Told of what makes no sense.</param>
    /// <param name="heap">Pays for the bytes of a transaction that is not whole.</param>
    public StreamApplier(
        Executor executor, Rounds rounds, CommandContext context, ReplicationStream stream, ServerLog log, Heap heap)
    {
        _executor = executor;
        _rounds = rounds;
        _context = context;
        _stream = stream;
        _log = log;
        _batch = new RequestBatch(heap);
        _pending = new NativeBuffer(heap, 1);
    }

    /// <summary>The primary asks how far this server is.</summary>
    public Action? AcknowledgementWanted { get; set; }

    /// <summary>Told when requests of the primary begin to run, and when they do not any more.</summary>
    public Action<bool>? Applying { get; set; }

    /// <summary>Bytes that have come and are not applied since their transaction is not whole.</summary>
    public int PendingSize => _pending.Length;

    /// <summary>Bytes that the request under way needs in all, as far as is known.</summary>
    public int ExpectedSize { get; private set; }

    /// <summary>Why the stream cannot go on; null if it can.</summary>
    public string? Problem { get; private set; }

    /// <summary>A new connection begins where the last whole transaction ended.</summary>
    public void Begin()
    {
        Discard();
        _pending.Truncate(0);
        _pending.Shrink(PendingSizeKept);
        _errorCount = 0;
        Problem = null;
    }

    /// <summary>Runs the whole requests among the bytes, and returns how many bytes are done with.</summary>
    /// <param name="session">The primary's. Once it is not ready any more the rest is to be given again when it is.</param>
    /// <param name="address">Where the bytes are that were not taken before.</param>
    /// <param name="length">How many.</param>
    /// <param name="sizeMax">A request, or a transaction, of more bytes is none.</param>
    public int Run(Session session, ulong address, int length, long sizeMax)
    {
        ParseResult result = _parser.Parse(address, length, _batch, ref _state, new ParseLimits(long.MaxValue));
        ExpectedSize = result.PendingSize;
        _rounds.Begin();
        Applying?.Invoke(true);
        int done = 0;
        int prefetchedEnd = 0;
        for (int i = 0; i < _batch.Count; i++)
        {
            if (i == prefetchedEnd)
            {
                prefetchedEnd = Math.Min(i + GroupCount, _batch.Count);
                _executor.Prefetch(session.Database, _batch, i, prefetchedEnd);
            }
            if (!RunOne(session, i, Native.Bytes(address + (uint)done, _batch[i].EndOffset - done)))
            {
                break;
            }
            done = _batch[i].EndOffset;
        }
        Applying?.Invoke(false);
        _rounds.End();
        _batch.Clear();
        if (!session.IsReady)
        {
            Discard();
            return done;
        }
        if (result.Consumed > done)
        {
            // Empty lines between requests count as well.
            HandOn(session, Native.Bytes(address + (uint)done, result.Consumed - done));
        }
        if (result.Status == ParseStatus.ProtocolError)
        {
            Problem = $"what it sends is no request ({result.Error})";
        }
        else if (Math.Max(Math.Max(result.PendingSize, length - result.Consumed), _pending.Length) > sizeMax)
        {
            Problem = string.Create(
                CultureInfo.InvariantCulture,
                $"it sends a request or a transaction of more than {sizeMax} bytes");
        }
        return result.Consumed;
    }

    public void Dispose()
    {
        Discard();
        _batch.Dispose();
        _pending.Dispose();
    }

    /// <summary>Forgets where the parser stands in a request that comes again.</summary>
    private void Discard() => _parser.Discard(ref _state);

    /// <summary>Runs a request that has these bytes; false if it has to come again.</summary>
    private bool RunOne(Session session, int index, ReadOnlySpan<byte> bytes)
    {
        ReplyWriter reply = _context.Reply;
        long errors = reply.ErrorCount;
        bool isAsked = false;
        switch (_executor.Obey(_context, session, _batch, index))
        {
            case Verdict.Postponed:
                return false;
            case Verdict.Refused:
                isAsked = IsQuestion(_batch.Arguments(index), reply.ErrorCount != errors ? reply.LastError : NotRepeated);
                break;
            case Verdict.Admitted when reply.ErrorCount != errors:
                NoteError(_batch.Arguments(index)[0].Bytes, reply.LastError);
                break;
        }
        reply.Buffer.Truncate(0);
        reply.Buffer.Shrink(ReplySizeKept);
        HandOn(session, bytes);
        if (isAsked)
        {
            AcknowledgementWanted?.Invoke();
        }
        return session.IsReady;
    }

    /// <summary>Bytes of a transaction wait until it is whole: it may come again from its beginning.</summary>
    private void HandOn(Session session, ReadOnlySpan<byte> bytes)
    {
        if (session.Has(SessionFlags.InTransaction))
        {
            bytes.CopyTo(_pending.Reserve(bytes.Length));
            _pending.Advance(bytes.Length);
            return;
        }
        if (_pending.Length > 0)
        {
            _stream.Repeat(_pending.Written(0));
            _pending.Truncate(0);
            _pending.Shrink(PendingSizeKept);
        }
        _stream.Repeat(bytes);
    }

    /// <summary>
    /// A request that changes nothing: a sign of life, or whether an acknowledgement is wanted. Another is passed over, and told of.
    /// </summary>
    private bool IsQuestion(ReadOnlySpan<Argument> arguments, ReadOnlySpan<byte> error)
    {
        ReadOnlySpan<byte> name = arguments[0].Bytes;
        if (Ascii.EqualsIgnoreCase(name, "ping"u8))
        {
            return false;
        }
        if (Ascii.EqualsIgnoreCase(name, "replconf"u8))
        {
            return arguments.Length > 1 && Ascii.EqualsIgnoreCase(arguments[1].Bytes, "getack"u8);
        }
        NoteError(name, error);
        return false;
    }

    /// <summary>Alarms on logs look for the words with which Redis and Valkey begin this line.</summary>
    private void NoteError(ReadOnlySpan<byte> name, ReadOnlySpan<byte> error)
    {
        if (_errorCount++ < ErrorCountLogged)
        {
            _log.Write(
                LogLevel.Warning,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"== CRITICAL == This replica is sending an error to its primary: '{Text(error)}' after processing the command "
                    + $"'{Text(name)}', before byte {_stream.End}"));
        }
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, TextSizeMax)]);
}
