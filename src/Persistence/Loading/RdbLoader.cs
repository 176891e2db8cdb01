using System.Globalization;
using System.Text;
using Bixbite.Engine.Records;
using Bixbite.Keyspace;
using Bixbite.Persistence.Rdb;
using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Persistence.Values;
using Bixbite.Platform;
using Bixbite.Structures.Text;
using Bixbite.Types.Strings;

namespace Bixbite.Persistence.Loading;

/// <summary>
/// Loads an RDB file; docs/formats/rdb.md draws its bytes. The databases get a key as soon as it is read. Whatever is wrong ends the
/// loading: half a file is not silently taken for a whole one.
/// </summary>
internal sealed class RdbLoader : ILoader
{
    private const int HeaderSize = 9;
    private const int KeysBetweenLooks = 16;

    /// <summary>A value is given no more room than this before it is read.</summary>
    private const int PackSizeMax = 1024;

    private readonly ILoadSource _origin;
    private readonly RdbWindow _source;
    private readonly Databases _databases;
    private readonly AccessClock _clock;
    private readonly RdbLoadOptions _options;
    private readonly RdbScratch _scratch = new();
    private readonly ArrivingKeys _arriving = new();
    private RdbKeyFacts _next;
    private Database _database;
    private int _version;
    private int _unreadCount;
    private bool _isOver;

    /// <summary>A loader that reads the source from where it stands and closes it at the end.</summary>
    public RdbLoader(ILoadSource source, Databases databases, AccessClock clock, RdbLoadOptions options)
    {
        _origin = source;
        _source = new RdbWindow(source);
        _databases = databases;
        _database = databases[0];
        _clock = clock;
        _options = options;
    }

    public long BytesTotal => _source.Length == ILoadSource.UnknownLength ? 0 : _source.Length;

    public long BytesRead => _source.ReadCount - _unreadCount;

    public LoadFacts Facts { get; } = new();

    public string? Problem { get; private set; }

    /// <summary>When the file makes no sense: the key whose value was being read, or nothing.</summary>
    public string LatestKey { get; private set; } = "";

    /// <summary>Gets what stands between the keys, as redis-check-rdb tells it, and the offset behind it.</summary>
    public Action<string, long>? Noted { get; set; }

    private int KeyDelayUs => _options.KeyDelayUs?.Invoke() ?? 0;

    public bool Run(Func<bool> isPaused)
    {
        var reader = new RdbReader(_source, _scratch, Array.MaxLength, _unreadCount);
        if (_version == 0)
        {
            ReadHeader(ref reader);
        }
        for (int i = 1; !_isOver && Problem is null; i++)
        {
            ReadPart(ref reader);
            if ((i % KeysBetweenLooks == 0 || KeyDelayUs != 0) && isPaused())
            {
                break;
            }
        }
        Settle(reader);
        _scratch.Trim();
        _unreadCount = reader.UnreadCount;
        return _isOver || Problem is not null;
    }

    public void Dispose() => _origin.Dispose();

    private void ReadHeader(ref RdbReader reader)
    {
        ReadOnlySpan<byte> header = reader.Raw(HeaderSize);
        if (reader.HasFailed)
        {
            Fail(reader, "the file is too short for its header");
        }
        else if (!header.StartsWith("REDIS"u8) || !Integers.TryParse(header[5..].TrimStart((byte)'0'), out long version) || version < 1)
        {
            Fail(reader, "this is no RDB file: it does not begin with REDIS and a version");
        }
        else if (version > RdbFormat.VersionMax)
        {
            Fail(reader, string.Create(
                CultureInfo.InvariantCulture, $"the file has RDB version {version}; up to {RdbFormat.VersionMax} can be read here"));
        }
        else
        {
            _version = (int)version;
            _source.IsUnchecked = !_options.IsChecked || version < RdbFormat.VersionWithChecksum;
        }
    }

    /// <summary>Reads what begins with one byte of operation or type: a key and its value, or what stands between.</summary>
    private void ReadPart(ref RdbReader reader)
    {
        byte part = reader.Byte();
        switch (part)
        {
            case RdbFormat.OpEnd when !reader.HasFailed:
                ReadFooter(ref reader);
                return;
            case RdbFormat.OpDatabase:
                Select(ref reader);
                break;
            case RdbFormat.OpSizes:
                ReadSizes(ref reader);
                break;
            case RdbFormat.OpSlotSizes:
                reader.Length();
                reader.Length();
                reader.Length();
                break;
            case RdbFormat.OpFact:
                ReadFact(ref reader);
                break;
            case RdbFormat.OpDeadlineSeconds:
                _next.DeadlineMs = reader.Fixed32() * 1000L;
                break;
            case RdbFormat.OpDeadlineMs:
                _next.DeadlineMs = (long)reader.Fixed64();
                break;
            case RdbFormat.OpIdleSeconds:
                _next.IdleSeconds = (long)reader.Length();
                break;
            case RdbFormat.OpFrequency:
                _next.Frequency = reader.Byte();
                break;
            case RdbFormat.OpFunctionOfCandidate:
                Fail(reader, "the file holds functions as candidates of Redis 7.0 wrote them, before their format was final");
                return;
            case RdbFormat.OpFunction:
                ReadRecord(ref reader, _options.Records.Find(part), "a library of functions");
                return;
            case RdbFormat.OpModuleFact:
                Fail(reader, "the file holds data of a module, which cannot be loaded");
                return;
            default:
                ReadRest(ref reader, part);
                return;
        }
        if (reader.HasFailed)
        {
            FailToRead(reader, "what stands between keys");
        }
    }

    private void ReadRest(ref RdbReader reader, byte part)
    {
        if (_options.Records.Find(part) is { } kind)
        {
            ReadRecord(ref reader, kind, kind.Name);
        }
        else
        {
            ReadKey(ref reader, (RdbType)part);
        }
    }

    /// <summary>A record beside the keys; what the server has no kind for cannot be kept, and is not thrown away.</summary>
    private void ReadRecord(ref RdbReader reader, RecordKind? kind, string name)
    {
        ReadOnlySpan<byte> record = reader.Text();
        if (reader.HasFailed)
        {
            FailToRead(reader, name);
        }
        else if (_options.IsDry)
        {
            Note(reader, $"Record beside the keys: {name}");
        }
        else if (kind is null)
        {
            Fail(reader, $"the file holds {name}, and this server has nothing that could use it");
        }
        else if (kind.Add(record, _options.ReplacesKeys) is { } problem)
        {
            Fail(reader, $"{name} cannot be loaded: {problem}");
        }
    }

    private void ReadFooter(ref RdbReader reader)
    {
        if (_version >= RdbFormat.VersionWithChecksum)
        {
            ReadChecksum(ref reader);
        }
        ReadEnd(ref reader);
        _isOver = true;
    }

    private void ReadChecksum(ref RdbReader reader)
    {
        _source.Pass(reader.UnreadCount);
        ulong actual = _source.Checksum;
        reader = new RdbReader(_source, _scratch, Array.MaxLength, reader.UnreadCount);
        ulong expected = reader.Fixed64();
        if (reader.HasFailed)
        {
            FailToRead(reader, "the checksum at the end");
        }
        else if (expected != 0 && !_source.IsUnchecked && expected != actual)
        {
            Fail(reader, string.Create(
                CultureInfo.InvariantCulture, $"the checksum is wrong: the file says {expected:x16}, its content gives {actual:x16}"));
        }
    }

    /// <summary>The bytes after a file that comes as a stream.</summary>
    private void ReadEnd(ref RdbReader reader)
    {
        byte[] mark = _options.EndMark;
        if (Problem is null && mark.Length > 0 && !reader.Raw(mark.Length).SequenceEqual(mark))
        {
            Fail(reader, "the mark does not follow that ends the stream");
        }
        bool hasLength = _options.IsAlone && _source.Length != ILoadSource.UnknownLength;
        if (Problem is null && hasLength && _source.ReadCount - reader.UnreadCount != _source.Length)
        {
            Fail(reader, "the file is not as long as was announced");
        }
    }

    private void Select(ref RdbReader reader)
    {
        ulong number = reader.Length();
        if (reader.HasFailed)
        {
            return;
        }
        if (_options.IsDry)
        {
            Note(reader, string.Create(CultureInfo.InvariantCulture, $"Selecting DB ID {number}"));
            return;
        }
        if (number >= (ulong)_databases.Count)
        {
            Fail(reader, string.Create(
                CultureInfo.InvariantCulture,
                $"the file uses database {number}, but there are only {_databases.Count} here (setting 'databases')"));
            return;
        }
        _database = _databases[(int)number];
    }

    /// <summary>
    /// Keys that are to come, and those of them that expire. A file that claims more than its bytes can hold gets no more room.
    /// </summary>
    private void ReadSizes(ref RdbReader reader)
    {
        ulong keyCount = reader.Length();
        reader.Length();
        if (!reader.HasFailed && !_options.IsDry)
        {
            _database.Reserve(_source.Believe(keyCount));
        }
    }

    /// <summary>Where the stream to replicas goes on after the file, they are told when a key goes, and have it until then.</summary>
    private bool KeepsDueKeys => _options.KeepsDueKeys || Facts.Place is not null;

    private void ReadFact(ref RdbReader reader)
    {
        ReadOnlySpan<byte> name = reader.Text();
        ReadOnlySpan<byte> value = reader.SecondText();
        if (reader.HasFailed)
        {
            return;
        }
        if (Noted is not null)
        {
            Note(reader, $"AUX FIELD {Encoding.UTF8.GetString(name)} = '{Encoding.UTF8.GetString(value)}'");
        }
        if (name.SequenceEqual("redis-ver"u8))
        {
            Facts.WrittenBy = Encoding.UTF8.GetString(value);
        }
        else if (name.SequenceEqual("ctime"u8) && Integers.TryParse(value, out long seconds))
        {
            Facts.WrittenAtUnixSeconds = seconds;
        }
        else if (name.SequenceEqual("repl-stream-db"u8) && Integers.TryParse(value, out long database))
        {
            Facts.StreamDatabase = (int)Math.Clamp(database, 0, int.MaxValue);
        }
        else if (name.SequenceEqual("repl-id"u8))
        {
            Facts.StreamId = Encoding.UTF8.GetString(value);
        }
        else if (name.SequenceEqual("repl-offset"u8) && Integers.TryParse(value, out long end))
        {
            Facts.StreamEnd = end;
        }
        else if (name.SequenceEqual("used-mem"u8) && Integers.TryParse(value, out long bytes))
        {
            Facts.UsedBytes = bytes;
        }
    }

    private void ReadKey(ref RdbReader reader, RdbType type)
    {
        if (reader.HasFailed || !_options.Codecs.TryFind(type, out ValueCodec? codec))
        {
            if (reader.HasFailed)
            {
                FailToRead(reader, "the next key");
                return;
            }
            Fail(reader, string.Create(CultureInfo.InvariantCulture, $"the type of a value is {(byte)type}, which is none that is known"));
            return;
        }
        ReadOnlySpan<byte> key = reader.Text();
        RdbKeyFacts facts = _next;
        _next = default;
        if (reader.HasFailed)
        {
            FailToRead(reader, "a key");
            return;
        }
        bool isLeftOut = _options.IsDry || (facts.IsDue(_options.NowMs) && !KeepsDueKeys);
        ulong hash = _database.HashOf(key);
        // A value that is one pack has its size from the beginning.
        int packedSize = RdbFormat.IsOnePack(type) ? Math.Min(reader.LengthAhead(), PackSizeMax) : 0;
        bool isRead = codec is CollectionCodec collection
            ? ReadCollection(
                ref reader, new TypedCodec(type, collection), _database.Draft(key, codec.Type, packedSize), hash, facts, isLeftOut)
            : ReadString(ref reader, key, hash, facts, isLeftOut);
        if (_arriving.IsFull)
        {
            Settle(reader);
        }
        if (isRead)
        {
            Count(isLeftOut);
            Facts.DeadlineCount += facts.HasDeadline ? 1 : 0;
            Facts.DueCount += facts.IsDue(_options.NowMs) ? 1 : 0;
        }
    }

    private bool ReadString(ref RdbReader reader, ReadOnlySpan<byte> key, ulong hash, in RdbKeyFacts facts, bool isLeftOut)
    {
        ReadOnlySpan<byte> text = reader.SecondText();
        if (reader.HasFailed)
        {
            FailToReadValue(reader, key);
            return false;
        }
        if (!isLeftOut)
        {
            _arriving.Add(_database, hash, key, StringForm.Of(text), facts.DeadlineOrNone, facts.AccessBy(_clock));
        }
        return true;
    }

    /// <summary>The key is in the draft: reading the value may overwrite where it was read.</summary>
    private bool ReadCollection(
        ref RdbReader reader, TypedCodec typed, RecordDraft draft, ulong hash, in RdbKeyFacts facts, bool isLeftOut)
    {
        bool isRead = typed.Codec.TryReadRdb(typed.Type, ref reader, draft.Open(), out bool isEmpty);
        if (!isRead)
        {
            FailToReadValue(reader, draft.Key);
        }
        else if (isEmpty)
        {
            Facts.NoteEmpty(Encoding.UTF8.GetString(draft.Key));
            isRead = false;
        }
        if (!isRead || isLeftOut)
        {
            draft.Discard();
            return isRead;
        }
        _arriving.Add(_database, hash, ref draft, facts.DeadlineOrNone, facts.AccessBy(_clock));
        return true;
    }

    /// <summary>All keys that were read are in their databases from now on.</summary>
    private void Settle(in RdbReader reader)
    {
        if (_arriving.Settle(_options.ReplacesKeys) is { } key)
        {
            Fail(reader, $"the key {Printed(key)} comes twice");
        }
    }

    private void FailToReadValue(in RdbReader reader, ReadOnlySpan<byte> key)
    {
        LatestKey = Encoding.UTF8.GetString(key);
        FailToRead(reader, $"the value of key {Printed(key)}");
    }

    private void Count(bool isLeftOut)
    {
        if (!isLeftOut || _options.IsDry)
        {
            Facts.KeyCount++;
        }
        else
        {
            Facts.ExpiredCount++;
        }
        Rest.ForMicroseconds(KeyDelayUs);
    }

    /// <summary>Something could not be read: either the file ends there, or its bytes make no sense, or the disk refuses.</summary>
    private void FailToRead(in RdbReader reader, string what)
    {
        string reason = _source.Error < 0 ? $"reading failed: {Errno.Text(-_source.Error)}"
            : reader.UnreadCount == 0 && _source.ReadCount >= _source.Length ? "the file ends too early"
            : "the bytes make no sense, or the file ends too early";
        Fail(reader, $"{what} cannot be read: {reason}");
    }

    private void Fail(in RdbReader reader, string problem) =>
        Problem ??= string.Create(
            CultureInfo.InvariantCulture, $"{_origin.Name}, before byte {_source.ReadCount - reader.UnreadCount}{OfTotal}: {problem}");

    private string OfTotal => BytesTotal == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" of {BytesTotal}");

    private void Note(in RdbReader reader, string text) => Noted?.Invoke(text, _source.ReadCount - reader.UnreadCount);

    private static string Printed(ReadOnlySpan<byte> key) => '\'' + Encoding.UTF8.GetString(key[..Math.Min(key.Length, 100)]) + '\'';

    /// <summary>How the next value is laid out, and who reads it.</summary>
    private readonly record struct TypedCodec(RdbType Type, CollectionCodec Codec);
}
