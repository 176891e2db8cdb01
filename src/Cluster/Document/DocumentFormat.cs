using System.Collections.Immutable;

namespace Bixbite.Cluster.Document;

/// <summary>
/// The bytes of a document and of its records.
/// <code>
///   document | version of the format: 1 byte | id: 20 | version: 8 | epoch: 8 | nodes: 2 + each | shards: 2 + each | moves: 2 + each |
///   node     | id | host | port: 2 | TLS port: 2 | bus port: 2 | host name | human name | shard | flags: 1 |
///   shard    | id | primary | epoch: 8 | slots | replicas: 2 |
///   move     | id | slots | source | target | source's primary | target's primary | state: 1 |
///   name     | length: 1 | bytes |          slots | count: 2 | first: 2 | last: 2 | ... |
/// </code>
/// </summary>
internal static class DocumentFormat
{
    private const int FormatVersion = 1;

    public static void Write(ClusterDocument document, DocumentWriter writer)
    {
        writer.Byte(FormatVersion);
        writer.Id(document.Id);
        writer.Long(document.Version);
        writer.Long(document.Epoch);
        writer.Short(document.Nodes.Count);
        foreach (ClusterNode node in document.Nodes.Values)
        {
            Write(node, writer);
        }
        writer.Short(document.Shards.Count);
        foreach (ClusterShard shard in document.Shards.Values)
        {
            Write(shard, writer);
        }
        writer.Short(document.Moves.Length);
        foreach (SlotMove move in document.Moves)
        {
            Write(move, writer);
        }
    }

    /// <summary>A document whose records are each well formed, if the bytes are one; whether they fit together is not looked at.</summary>
    public static ClusterDocument? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new DocumentReader(bytes);
        if (reader.Byte() != FormatVersion)
        {
            return null;
        }
        ClusterId id = reader.Id();
        long version = reader.Long();
        long epoch = reader.Long();
        var nodes = ImmutableSortedDictionary.CreateBuilder<ClusterId, ClusterNode>();
        for (int left = reader.Short(); left > 0 && !reader.IsFailed; left--)
        {
            ClusterNode node = ReadNode(ref reader);
            if (!nodes.TryAdd(node.Id, node))
            {
                reader.Fail();
            }
        }
        var shards = ImmutableSortedDictionary.CreateBuilder<ClusterId, ClusterShard>();
        for (int left = reader.Short(); left > 0 && !reader.IsFailed; left--)
        {
            ClusterShard shard = ReadShard(ref reader);
            if (!shards.TryAdd(shard.Id, shard))
            {
                reader.Fail();
            }
        }
        ImmutableArray<SlotMove>.Builder moves = ImmutableArray.CreateBuilder<SlotMove>();
        for (int left = reader.Short(); left > 0 && !reader.IsFailed; left--)
        {
            moves.Add(ReadMove(ref reader));
        }
        return reader.IsComplete
            ? new ClusterDocument(id, version, epoch, nodes.ToImmutable(), shards.ToImmutable(), moves.ToImmutable())
            : null;
    }

    public static void Write(ClusterNode node, DocumentWriter writer)
    {
        writer.Id(node.Id);
        Write(node.Address, writer);
        writer.Id(node.Shard);
        writer.Byte((int)node.Flags);
    }

    public static ClusterNode ReadNode(ref DocumentReader reader) =>
        new(reader.Id(), ReadAddress(ref reader), reader.Id(), (NodeFlags)reader.Byte());

    public static void Write(NodeAddress address, DocumentWriter writer)
    {
        writer.Name(address.Host);
        writer.Short(address.Port);
        writer.Short(address.TlsPort);
        writer.Short(address.BusPort);
        writer.Name(address.HostName);
        writer.Name(address.HumanName);
    }

    public static NodeAddress ReadAddress(ref DocumentReader reader) =>
        new(reader.Name(), reader.Short(), reader.Short(), reader.Short(), reader.Name(), reader.Name());

    public static void Write(SlotMove move, DocumentWriter writer)
    {
        writer.Id(move.Id);
        writer.Slots(move.Slots);
        writer.Id(move.Source);
        writer.Id(move.Target);
        writer.Id(move.SourcePrimary);
        writer.Id(move.TargetPrimary);
        writer.Byte((int)move.State);
    }

    private static SlotMove ReadMove(ref DocumentReader reader) => new(
        reader.Id(), reader.Slots(), reader.Id(), reader.Id(), reader.Id(), reader.Id(), (MoveState)reader.Byte());

    private static void Write(ClusterShard shard, DocumentWriter writer)
    {
        writer.Id(shard.Id);
        writer.Id(shard.Primary);
        writer.Long(shard.Epoch);
        writer.Slots(shard.Slots);
        writer.Short(shard.ReplicasMin);
    }

    private static ClusterShard ReadShard(ref DocumentReader reader) =>
        new(reader.Id(), reader.Id(), reader.Long(), reader.Slots(), reader.Short());
}
