using System.Buffers;
using System.Globalization;
using System.Text;
using Bixbite.Protocol;
using Bixbite.Replication.History;
using Bixbite.Replication.Primary;
using Bixbite.Structures.Text;

namespace Bixbite.Replication.Following;

/// <summary>
/// Everything that is said between this server and its primary before data comes. It knows nothing of connections: it is given the
/// primary's lines, and says what to send.
/// <code>
///   PING ── +PONG ── AUTH, REPLCONF ..., all at once ── a line for each ── PSYNC ─┬─ +FULLRESYNC id offset    a snapshot follows
///                                                                               ├─ +CONTINUE [id]           the stream goes on
///                                                                               ├─ -ERR ...  SYNC           a snapshot follows
///                                                                               └─ -LOADING, -NOMASTERLINK  again later
/// </code>
/// </summary>
internal sealed class PrimaryHandshake(HandshakeOptions options)
{
    private readonly Queue<string> _awaited = [];
    private bool _isPinged;

    /// <summary>With <see cref="HandshakeResult.Full"/>: the primary's history.</summary>
    public string Id { get; private set; } = ReplicationHistory.None;

    /// <summary>With <see cref="HandshakeResult.Full"/>: the position at which the snapshot is taken.</summary>
    public long Offset { get; private set; }

    /// <summary>With <see cref="HandshakeResult.Continued"/>: the history's name from now on, if it is another; or null.</summary>
    public string? NewId { get; private set; }

    /// <summary>Tells what to send first.</summary>
    public static HandshakeStep Begin() => HandshakeStep.Sending(Request("PING"u8.ToArray()));

    /// <summary>Takes a line of the primary's, without its end.</summary>
    public HandshakeStep Take(ReadOnlySpan<byte> line)
    {
        if (!_isPinged)
        {
            return TakePong(line);
        }
        if (_awaited.TryDequeue(out string? question))
        {
            return TakeAnswer(question, line);
        }
        if (line.IsEmpty)
        {
            return HandshakeStep.Nothing;
        }
        return TakeSync(line);
    }

    private static byte[] Request(params byte[][] words)
    {
        ArrayBufferWriter<byte> request = new();
        request.Begin(words.Length);
        foreach (byte[] word in words)
        {
            request.Add(word);
        }
        return request.WrittenSpan.ToArray();
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlySpan<byte> line) => Encoding.Latin1.GetString(line);

    /// <summary>A primary that wants a password first says so, which is as good as a greeting.</summary>
    private HandshakeStep TakePong(ReadOnlySpan<byte> line)
    {
        bool isGood = line.StartsWith("+"u8) || line.StartsWith("-NOAUTH"u8) || line.StartsWith("-NOPERM"u8)
            || line.StartsWith("-ERR operation not permitted"u8);
        if (!isGood)
        {
            return HandshakeStep.Failing($"Error reply to PING from primary: '{Text(line)}'");
        }
        _isPinged = true;
        List<byte> questions = [];
        if (options.Password.Length > 0)
        {
            Ask("AUTH", options.User.Length > 0
                ? Request("AUTH"u8.ToArray(), options.User, options.Password)
                : Request("AUTH"u8.ToArray(), options.Password));
        }
        Ask("listening-port", Request("REPLCONF"u8.ToArray(), "listening-port"u8.ToArray(), Bytes(Number(options.Port))));
        if (options.Address.Length > 0)
        {
            Ask("ip-address", Request("REPLCONF"u8.ToArray(), "ip-address"u8.ToArray(), Bytes(options.Address)));
        }
        Ask("capa", Request(
            "REPLCONF"u8.ToArray(), "capa"u8.ToArray(), "eof"u8.ToArray(), "capa"u8.ToArray(), "psync2"u8.ToArray(),
            "capa"u8.ToArray(), ReplicaVersions.FieldExpiryCapability.ToArray()));
        Ask("version", Request("REPLCONF"u8.ToArray(), "version"u8.ToArray(), Bytes(options.Version)));
        return HandshakeStep.Sending([.. questions], "Primary replied to PING, replication can continue...");

        void Ask(string name, byte[] request)
        {
            _awaited.Enqueue(name);
            questions.AddRange(request);
        }
    }

    /// <summary>Only the password must be right: what a primary does not know of the rest, it does not need.</summary>
    private HandshakeStep TakeAnswer(string question, ReadOnlySpan<byte> line)
    {
        bool isError = line.StartsWith("-"u8);
        if (isError && question == "AUTH")
        {
            return HandshakeStep.Failing($"Unable to AUTH to primary: {Text(line)}");
        }
        if (!isError && !line.StartsWith("+"u8))
        {
            return HandshakeStep.Failing($"Unexpected reply to {question} from primary: '{Text(line)}'");
        }
        string? note = isError ? $"(Non critical) Primary does not understand REPLCONF {question}: {Text(line)}" : null;
        return _awaited.Count > 0
            ? HandshakeStep.Sending([], note)
            : HandshakeStep.Sending(SyncRequest(), note);
    }

    private byte[] SyncRequest()
    {
        if (options.Takeover is not { IsDone: false } takeover)
        {
            return Request("PSYNC"u8.ToArray(), Bytes(options.Id), Bytes(Number(options.Offset)));
        }
        takeover.NoteAsked();
        return Request("PSYNC"u8.ToArray(), Bytes(options.Id), Bytes(Number(options.Offset)), "FAILOVER"u8.ToArray());
    }

    private HandshakeStep TakeSync(ReadOnlySpan<byte> line)
    {
        if (options.Takeover is { } takeover)
        {
            return TakeTakeover(takeover, line);
        }
        if (line.StartsWith("+FULLRESYNC"u8))
        {
            return TakeFull(line["+FULLRESYNC"u8.Length..]);
        }
        if (line.StartsWith("+CONTINUE"u8))
        {
            return TakeContinue(line["+CONTINUE"u8.Length..]);
        }
        if (line.StartsWith("-NOMASTERLINK"u8) || line.StartsWith("-LOADING"u8))
        {
            return HandshakeStep.Failing($"Primary is currently unable to PSYNC but should be in the future: {Text(line)}");
        }
        return line.StartsWith("-ERR"u8)
            ? new HandshakeStep(HandshakeResult.Old)
            {
                Bytes = "SYNC\r\n"u8.ToArray(),
                Note = $"Primary does not support PSYNC or is in error state (reply: {Text(line)}), retrying with SYNC...",
            }
            : HandshakeStep.Failing($"Unexpected reply to PSYNC from primary: '{Text(line)}'");
    }

    /// <summary>
    /// The answer of the replica that is to take this server's place. One that was asked before may say that it is a primary since then:
    /// it is, if it goes on in this server's history.
    /// </summary>
    private HandshakeStep TakeTakeover(Takeover takeover, ReadOnlySpan<byte> line)
    {
        HandshakeStep step = line.StartsWith("+FULLRESYNC"u8) ? TakeFull(line["+FULLRESYNC"u8.Length..])
            : line.StartsWith("+CONTINUE"u8) ? TakeContinue(line["+CONTINUE"u8.Length..])
            : HandshakeStep.Failing($"Failover target rejected psync request: {Text(line)}");
        if (takeover.IsAskedAgain && line.StartsWith("-ERR PSYNC FAILOVER can't be sent to a "u8))
        {
            takeover.IsDone = true;
        }
        else if (step.Result == HandshakeResult.Full && (takeover.IsDone || Offset < takeover.EndMin))
        {
            takeover.IsRefused = true;
            return HandshakeStep.Failing(string.Create(
                CultureInfo.InvariantCulture,
                $"the target does not go on from here: it would send all data up to byte {Offset} of another history"));
        }
        else
        {
            bool isForNow = line.StartsWith("-NOMASTERLINK"u8) || line.StartsWith("-LOADING"u8);
            takeover.IsRefused = step.Result == HandshakeResult.Failed && !(takeover.IsAskedAgain && isForNow);
        }
        return step;
    }

    private HandshakeStep TakeFull(ReadOnlySpan<byte> words)
    {
        int space = words.LastIndexOf((byte)' ');
        bool isGood = space > 0 && words[0] == ' ' && ReplicationHistory.IsName(words[1..space])
            && Integers.TryParse(words[(space + 1)..], out long offset) && (Offset = offset) >= 0;
        if (!isGood)
        {
            return HandshakeStep.Failing($"Primary replied with wrong +FULLRESYNC syntax: '{Text(words)}'");
        }
        Id = Text(words[1..space]).ToLowerInvariant();
        return new HandshakeStep(HandshakeResult.Full)
        {
            Note = string.Create(CultureInfo.InvariantCulture, $"Full resync from primary: {Id}:{Offset}"),
        };
    }

    private HandshakeStep TakeContinue(ReadOnlySpan<byte> words)
    {
        if (options.Offset < 0)
        {
            return HandshakeStep.Failing("Primary wants to continue, and was not asked to");
        }
        bool hasName = words.Length > 0;
        if (hasName && !(words[0] == ' ' && ReplicationHistory.IsName(words[1..])))
        {
            return HandshakeStep.Failing($"Primary replied with wrong +CONTINUE syntax: '{Text(words)}'");
        }
        string name = hasName ? Text(words[1..]).ToLowerInvariant() : options.Id;
        NewId = name == options.Id ? null : name;
        return new HandshakeStep(HandshakeResult.Continued) { Note = "Successful partial resynchronization with primary." };
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The facts that this server tells its primary, and the place where it wants to go on.</summary>
internal sealed record HandshakeOptions
{
    public byte[] User { get; init; } = [];

    /// <summary>Empty where the primary wants none.</summary>
    public byte[] Password { get; init; } = [];

    /// <summary>Where this server serves clients.</summary>
    public required int Port { get; init; }

    /// <summary>Empty where it is that of the connection.</summary>
    public string Address { get; init; } = "";

    public required string Version { get; init; }

    /// <summary>The history of which this server has everything before <see cref="Offset"/>; "?" if there is none.</summary>
    public string Id { get; init; } = "?";

    /// <summary>The byte with which to go on, counted from 1; -1 if there is none.</summary>
    public long Offset { get; init; } = -1;

    /// <summary>The other server is a replica that is to take this one's place; null if it is a primary.</summary>
    public Takeover? Takeover { get; init; }
}

/// <summary>How far a handshake is.</summary>
internal enum HandshakeResult
{
    /// <summary>More lines are wanted.</summary>
    GoesOn,

    /// <summary>A snapshot follows, and the stream after it.</summary>
    Full,

    /// <summary>The same from a primary that knows no positions.</summary>
    Old,

    /// <summary>The stream follows.</summary>
    Continued,

    /// <summary>It has come to nothing.</summary>
    Failed,
}

/// <summary>The consequences of a line.</summary>
internal readonly record struct HandshakeStep(HandshakeResult Result)
{
    public static HandshakeStep Nothing => new(HandshakeResult.GoesOn) { Bytes = [] };

    /// <summary>To be sent; may be null.</summary>
    public byte[]? Bytes { get; init; }

    /// <summary>For the log; with <see cref="HandshakeResult.Failed"/> the reason.</summary>
    public string? Note { get; init; }

    public static HandshakeStep Sending(byte[] bytes, string? note = null) => new(HandshakeResult.GoesOn) { Bytes = bytes, Note = note };

    public static HandshakeStep Failing(string reason) => new(HandshakeResult.Failed) { Note = reason };
}
