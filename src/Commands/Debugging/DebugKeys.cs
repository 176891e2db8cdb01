using System.Globalization;
using System.Text;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Persistence;
using Bixbite.Persistence.Values;
using Bixbite.Protocol;
using Bixbite.Structures.Checks;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Lists;
using Bixbite.Types.Strings;

namespace Bixbite.Commands.Debugging;

/// <summary>The tools of DEBUG that look at keys as they are stored, due or not, or make many of them.</summary>
internal sealed class DebugKeys(Databases databases, AccessClock accessClock, ValueContext values, ValueCodecs codecs)
{
    private readonly PayloadBuffer _dump = new(values);
    private readonly LzfCompressor _compressor = new();

    public IEnumerable<DebugTool> Tools =>
    [
        new DebugTool("object", 3, 3, Describe),
        new DebugTool("sdslen", 3, 3, Lengths),
        new DebugTool("digest", 2, 2, Digest),
        new DebugTool("digest-value", 2, int.MaxValue, DigestValues),
        new DebugTool("populate", 3, 5, Populate),
        new DebugTool("htstats", 3, int.MaxValue, IndexStatistics),
    ];

    private void Digest(CommandContext context)
    {
        var digest = new DatasetDigest(values);
        foreach (Database database in databases.InOrder())
        {
            digest.Add(database);
        }
        context.Reply.Simple(Encoding.ASCII.GetBytes(digest.ToString()));
    }

    private void DigestValues(CommandContext context)
    {
        context.Reply.Array(context.Count - 2);
        for (int i = 2; i < context.Count; i++)
        {
            var digest = new DatasetDigest(values);
            KeyRef at = context.Database.Find(context[i]);
            if (at.Exists)
            {
                digest.AddValue(at.Record);
            }
            context.Reply.Simple(Encoding.ASCII.GetBytes(digest.ToString()));
        }
    }

    private static void Lengths(CommandContext context)
    {
        KeyRef at = context.Database.Find(context[2]);
        if (!at.Exists)
        {
            context.Reply.Error(ErrorText.NoSuchKey);
            return;
        }
        if (at.Record.Type != KeyType.String || at.Record.StringEncoding == StringEncoding.Integer)
        {
            context.Reply.Error(ErrorText.NotAString);
            return;
        }
        long keyLength = at.Record.Key.Length;
        long length = at.Record.TextLength;
        long size = context.Database.SizeOf(at.Record);
        string key = string.Create(CultureInfo.InvariantCulture, $"key_sds_len:{keyLength}, key_sds_avail:0, key_zmalloc: {size - length}");
        Answer(context, $"{key}, val_sds_len:{length}, val_sds_avail:0, val_zmalloc: {length}");
    }

    private static void Populate(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 2);
        long count = arguments.Integer(0, long.MaxValue, ErrorText.MustBePositive);
        byte[] prefix = arguments.IsAtEnd ? "key"u8.ToArray() : arguments.Next().ToArray();
        long size = arguments.IsAtEnd ? 0 : arguments.Integer(0, int.MaxValue, ErrorText.MustBePositive);
        if (arguments.AnswerFailure())
        {
            return;
        }
        byte[] key = new byte[prefix.Length + 1 + Integers.SizeMax];
        prefix.CopyTo(key, 0);
        key[prefix.Length] = (byte)':';
        byte[] value = new byte[Math.Max(size, "value:"u8.Length + Integers.SizeMax)];
        "value:"u8.CopyTo(value);
        byte[] number = new byte[Integers.SizeMax];
        for (long i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> digits = number.AsSpan(0, Integers.Format(i, number));
            digits.CopyTo(key.AsSpan(prefix.Length + 1));
            digits.CopyTo(value.AsSpan("value:"u8.Length));
            int valueLength = size == 0 ? "value:"u8.Length + digits.Length : (int)size;
            ReadOnlySpan<byte> name = key.AsSpan(0, prefix.Length + 1 + digits.Length);
            KeyRef at = context.Keys.Write(context.Database, name);
            if (!at.Exists)
            {
                context.Database.Put(ref at, name, StringForm.OfText(value.AsSpan(0, valueLength)), Deadline.None);
            }
        }
        context.Reply.Ok();
    }

    private static void Answer(CommandContext context, FormattableString line) =>
        context.Reply.Simple(Encoding.ASCII.GetBytes(line.ToString(CultureInfo.InvariantCulture)));

    private void Describe(CommandContext context)
    {
        KeyRef at = context.Database.Find(context[2]);
        if (!at.Exists)
        {
            context.Reply.Error(ErrorText.NoSuchKey);
            return;
        }
        Record record = at.Record;
        ulong hash = context.Database.HashOf(record.Key);
        string encoding = Encoding.ASCII.GetString(record.EncodingName(values.Types));
        long idleSeconds = accessClock.IsLfu ? 0 : accessClock.IdleMs(record.Access) / 1000;
        string clock = string.Create(CultureInfo.InvariantCulture, $"lru:{record.Access} lru_seconds_idle:{idleSeconds}");
        long length = SerializedLength(record);
        string nodes = NodesText(context, at);
        Answer(context, $"Value at:0x{hash:x} refcount:1 encoding:{encoding} serializedlength:{length} {clock}{nodes}");
    }

    /// <summary>Describes the nodes of a long list.</summary>
    private string NodesText(CommandContext context, in KeyRef at)
    {
        if (at.Record.Type != KeyType.List || at.Record.Layout != ValueLayout.Root)
        {
            return "";
        }
        var list = new ListValue(context.Database.Open(at));
        long count = 0;
        long size = 0;
        ListNodeReader nodes = list.Nodes();
        while (nodes.MoveNext())
        {
            count++;
            size += nodes.Current.Length;
        }
        double average = list.Count / (double)count;
        int fill = values.Limits.ListNodeFill;
        return string.Create(
            CultureInfo.InvariantCulture,
            $" ql_nodes:{count} ql_avg_node:{average:F2} ql_listpack_max:{fill} ql_compressed:0 ql_uncompressed_size:{size}");
    }

    private long SerializedLength(Record record)
    {
        DumpPayload.Write(_dump, codecs, values, record, _compressor);
        long length = _dump.Size - DumpPayload.FrameSize;
        _dump.Clear();
        return length;
    }

    private void IndexStatistics(CommandContext context)
    {
        if (!Integers.TryParse(context[2], out long number))
        {
            context.Reply.Error(ErrorText.NotAnInteger);
            return;
        }
        if (number < 0 || number >= databases.Count)
        {
            context.Reply.Error(ErrorText.DatabaseNumber);
            return;
        }
        Database database = databases[(int)number];
        string keys = string.Create(CultureInfo.InvariantCulture, $"elements: {database.Count}\nindex bytes: {database.IndexSize}\n");
        string deadlines = string.Create(CultureInfo.InvariantCulture, $"elements: {database.VolatileCount}\n");
        string report = $"[Dictionary HT]\n{keys}[Expires HT]\n{deadlines}";
        context.Reply.Verbatim(Encoding.ASCII.GetBytes(report), "txt"u8);
    }
}
