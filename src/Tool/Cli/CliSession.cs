using System.Globalization;
using System.Text;
using Bixbite.Protocol;
using Bixbite.Tool.Connecting;
using Bixbite.Tool.Options;
using Bixbite.Tool.Replies;
using Bixbite.Tool.Terminals;

namespace Bixbite.Tool.Cli;

/// <summary>
/// The conversation between the person and the server: the connection, which is opened when it is needed and again when it was lost, its
/// database, whether it is within a transaction, subscribed or watched. Prints every reply.
/// </summary>
internal sealed class CliSession(CliOptions options, Terminal terminal) : IDisposable
{
    private static readonly RawFormat s_text = new([(byte)'\n'], []);
    private static readonly TimeSpan s_glance = TimeSpan.FromMilliseconds(100);

    private readonly IReplyFormat _format = options.Format(terminal);
    private readonly bool _arePushesShown = options.ArePushesShown(terminal);
    private ServerConnection? _connection;
    private int _database = options.Connection.Database;
    private int _databaseBefore;
    private bool _isInTransaction;
    private bool _isSubscribed;
    private bool _isMonitoring;

    /// <summary>Some command was answered with an error.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Messages may come at any time.</summary>
    public bool IsListening => _isSubscribed || _isMonitoring;

    public string Prompt
    {
        get
        {
            if (_connection is null)
            {
                return "not connected> ";
            }
            StringBuilder text = new(options.Connection.Address);
            text.Append(_database == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"[{_database}]"));
            text.Append(_isInTransaction ? "(TX)" : "").Append(_isSubscribed ? "(subscribed mode)" : "");
            return text.Append("> ").ToString();
        }
    }

    /// <summary>Opens the connection, if it is not open: logs in, agrees on a protocol, chooses the database.</summary>
    /// <exception cref="ToolException">One of these failed.</exception>
    public void Connect(CancellationToken interruption)
    {
        if (_connection is not null)
        {
            return;
        }
        ServerConnection connection = ServerConnection.Open(options.Connection, interruption);
        try
        {
            new Greeting(options.Connection, options.Protocol).Say(connection, _database, interruption);
            _connection = connection;
        }
        finally
        {
            if (_connection is null)
            {
                connection.Dispose();
            }
        }
    }

    /// <summary>Goes to another server, as the same user.</summary>
    public void ConnectTo(string host, string port, CancellationToken interruption)
    {
        options.Connection.Port = OptionReader.Number("The port", port, 1, 65535);
        options.Connection.Host = host;
        options.Connection.SocketPath = "";
        Abandon();
        _database = options.Connection.Database;
        Connect(interruption);
    }

    /// <summary>Gives the connection up; the next command opens another.</summary>
    public void Abandon()
    {
        _connection?.Dispose();
        _connection = null;
        _isInTransaction = _isSubscribed = _isMonitoring = false;
    }

    /// <summary>Runs a command so often, or for ever if that is -1, and prints what comes back.</summary>
    public void Run(IReadOnlyList<byte[]> words, int repeat, CancellationToken interruption)
    {
        RequestKind kind = new(words);
        Connect(interruption);
        for (int i = 0; (repeat < 0 || i < repeat) && !_isMonitoring; i++)
        {
            try
            {
                RunOnce(kind, words, interruption);
            }
            catch (ToolException) when (kind.Name == "SHUTDOWN")
            {
                // It does not answer, since it is gone.
                Abandon();
                return;
            }
            catch (ToolException)
            {
                Abandon();
                throw;
            }
            if (options.Interval > TimeSpan.Zero && repeat is < 0 or > 1)
            {
                interruption.WaitHandle.WaitOne(options.Interval);
                interruption.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>While subscribed or monitoring, prints what comes until the person wants something else.</summary>
    /// <exception cref="ToolException">The connection ended.</exception>
    public void Listen(Func<bool> isDisturbed, CancellationToken interruption)
    {
        try
        {
            while (IsListening && _connection is not null && !isDisturbed())
            {
                if (_connection.TryRead(s_glance, interruption, out Reply? message))
                {
                    Print(message, _format);
                    NoteSubscriptions(message);
                }
            }
        }
        catch (ToolException)
        {
            Abandon();
            throw;
        }
    }

    public void Dispose() => _connection?.Dispose();

    private void RunOnce(RequestKind kind, IReadOnlyList<byte[]> words, CancellationToken interruption)
    {
        _connection!.Send(words, interruption);
        int confirmationsLeft = kind.ConfirmationCount;
        while (true)
        {
            Reply reply = _connection.Read(interruption);
            bool isMessage = IsMessage(reply);
            if (reply.Kind == ReplyKind.Push && !isMessage && kind.ConfirmationCount == 0)
            {
                PrintPush(reply);
                continue;
            }
            bool isConfirmation = confirmationsLeft > 0 && isMessage
                && reply.Items[0].Text.Equals(kind.Name, StringComparison.OrdinalIgnoreCase);
            if (isMessage && !isConfirmation && (_isSubscribed || confirmationsLeft > 0 || reply.Kind == ReplyKind.Push))
            {
                Print(reply, _format);
                continue;
            }
            Print(reply, kind.IsText ? s_text : _format);
            HasFailed |= reply.IsError;
            Note(kind, reply, isConfirmation);
            if (!isConfirmation || --confirmationsLeft == 0)
            {
                return;
            }
        }
    }

    /// <summary>Keeps in mind what a command has changed about the connection.</summary>
    private void Note(RequestKind kind, Reply reply, bool isConfirmation)
    {
        if (isConfirmation)
        {
            NoteSubscriptions(reply);
            return;
        }
        switch (kind.Name)
        {
            case "SELECT" when kind.ArgumentCount == 1 && !reply.IsError:
                _ = int.TryParse(kind.Argument, NumberStyles.Integer, CultureInfo.InvariantCulture, out _database);
                break;
            case "MULTI" when kind.ArgumentCount == 0 && !reply.IsError:
                (_isInTransaction, _databaseBefore) = (true, _database);
                break;
            case "EXEC" when kind.ArgumentCount == 0 && _isInTransaction:
                _isInTransaction = false;
                _database = reply.IsError || reply.IsNull ? _databaseBefore : _database;
                break;
            case "DISCARD" when kind.ArgumentCount == 0 && !reply.IsError:
                (_isInTransaction, _database) = (false, _databaseBefore);
                break;
            case "RESET" when kind.ArgumentCount == 0 && !reply.IsError:
                _isInTransaction = _isSubscribed = _isMonitoring = false;
                _database = 0;
                break;
            case "MONITOR" when !reply.IsError:
                _isMonitoring = true;
                break;
        }
    }

    /// <summary>The last element of a confirmation counts what is still subscribed to.</summary>
    private void NoteSubscriptions(Reply message)
    {
        if (IsMessage(message) && message.Items[0].Text.EndsWith("subscribe", StringComparison.Ordinal))
        {
            _isSubscribed = message.Items[^1].Integer > 0;
        }
    }

    private void PrintPush(Reply push)
    {
        if (!_arePushesShown)
        {
            return;
        }
        if (_format is PersonFormat && push.Items is [_, { Kind: ReplyKind.Array }] && push.Items[0].Text == "invalidate")
        {
            terminal.Write($"-> invalidate: {string.Join(", ", push.Items[1].Items.Select(key => $"'{key.Text}'"))}\n");
            return;
        }
        Print(push, _format);
    }

    private void Print(Reply reply, IReplyFormat format)
    {
        TerminalWriter text = new(terminal);
        format.Write(reply, text);
        text.Flush();
    }

    /// <summary>A message of a channel, or the confirmation of a subscription: as an array in RESP2, as a push in RESP3.</summary>
    private static bool IsMessage(Reply reply) =>
        reply.Kind is ReplyKind.Push or ReplyKind.Array
        && reply.Items is [{ Kind: ReplyKind.Bulk } first, _, _, ..]
        && (first.Bytes.AsSpan().EndsWith("message"u8) || first.Bytes.AsSpan().EndsWith("subscribe"u8));
}
