using System.Globalization;
using System.Text;
using Bixbite.Keyspace;
using Bixbite.Protocol;

namespace Bixbite.Commands.Observability.Shared;

/// <summary>The answer of MEMORY STATS: a map of numbers, and one map for each database that holds keys.</summary>
internal static class MemoryStatistics
{
    private static readonly MemoryFigure[] s_parts =
    [
        new("peak.allocated", memory => memory.Peak),
        new("total.allocated", memory => memory.Used),
        new("startup.allocated", memory => memory.Startup),
        new("replication.backlog", memory => memory.Backlog),
        new("clients.slaves", memory => memory.SlowReplicas),
        new("clients.normal", memory => memory.Clients),
        new("cluster.links", _ => 0L),
        new("aof.buffer", memory => memory.AofBuffer),
        new("lua.caches", memory => memory.Scripts),
        new("functions.caches", memory => memory.Functions),
    ];

    private static readonly MemoryFigure[] s_totals =
    [
        new("overhead.total", memory => memory.Overhead),
        new("keys.count", memory => memory.KeyCount),
        new("keys.bytes-per-key", memory => memory.BytesPerKey),
        new("dataset.bytes", memory => memory.Dataset),
        new("dataset.percentage", memory => memory.DatasetPercent),
        new("peak.percentage", memory => memory.PeakPercent),
        new("allocator.allocated", memory => memory.Used),
        new("allocator.active", memory => memory.Active),
        new("allocator.resident", memory => memory.AllocatorResident),
        new("allocator-fragmentation.ratio", memory => memory.HeapFragmentation),
        new("allocator-fragmentation.bytes", memory => memory.Active - memory.Used),
        new("allocator-rss.ratio", memory => memory.KeptRatio),
        new("allocator-rss.bytes", memory => memory.Kept),
        new("rss-overhead.ratio", memory => memory.ProcessOverhead),
        new("rss-overhead.bytes", memory => memory.Resident - memory.AllocatorResident),
        new("fragmentation", memory => memory.Fragmentation),
        new("fragmentation.bytes", memory => memory.Resident - memory.Used),
    ];

    public static void Answer(ReplyWriter reply, MemoryOverview memory, Databases databases)
    {
        int mark = reply.BeginMap();
        int count = s_parts.Length + s_totals.Length;
        Answer(reply, s_parts, memory);
        foreach (Database database in databases.InOrder())
        {
            if (database.Count > 0)
            {
                AnswerDatabase(reply, database);
                count++;
            }
        }
        Answer(reply, s_totals, memory);
        reply.EndMap(mark, count);
    }

    private static void Answer(ReplyWriter reply, MemoryFigure[] figures, MemoryOverview memory)
    {
        foreach (MemoryFigure figure in figures)
        {
            reply.Bulk(Encoding.ASCII.GetBytes(figure.Name));
            figure.Answer(reply, memory);
        }
    }

    private static void AnswerDatabase(ReplyWriter reply, Database database)
    {
        reply.Bulk(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"db.{database.Number}")));
        reply.Map(2);
        reply.Bulk("overhead.hashtable.main"u8);
        reply.Integer(database.IndexSize);
        reply.Bulk("overhead.hashtable.expires"u8);
        reply.Integer(0);
    }

    /// <summary>A number of the answer: whole, or with a fraction.</summary>
    private sealed class MemoryFigure
    {
        private readonly Action<ReplyWriter, MemoryOverview> _answer;

        public MemoryFigure(string name, Func<MemoryOverview, long> read)
        {
            Name = name;
            _answer = (reply, memory) => reply.Integer(read(memory));
        }

        public MemoryFigure(string name, Func<MemoryOverview, double> read)
        {
            Name = name;
            _answer = (reply, memory) => reply.Double(read(memory));
        }

        public string Name { get; }

        public void Answer(ReplyWriter reply, MemoryOverview memory) => _answer(reply, memory);
    }
}
