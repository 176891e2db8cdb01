using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Bixbite.Consensus;

/// <summary>The number by which a request is told in bytes.</summary>
internal enum RaftCall : byte
{
    PreVote = 1,
    Vote = 2,
    Append = 3,
    Snapshot = 4,
}

/// <summary>
/// A question of one voter to another.
/// <code>
///   | call: 1 byte | term: 8 | index: 8 | term of index: 8 | commit: 8 | version: 4 | voters: length 4, bytes | count: 4 | entries |
///   an entry: | term: 8 | flags: 1 byte | length: 4 | bytes |
/// </code>
/// </summary>
/// <param name="Call">Which question it is.</param>
/// <param name="Term">Of who asks.</param>
/// <param name="Index">Of its last entry, of the entry before those that are sent, or of the snapshot.</param>
/// <param name="IndexTerm">The term of the entry at that index.</param>
internal sealed record RaftRequest(RaftCall Call, long Term, long Index, long IndexTerm)
{
    private const int HeadSize = 1 + (4 * sizeof(long)) + (3 * sizeof(int));
    private const int EntryHeadSize = sizeof(long) + 1 + sizeof(int);
    private const int VotersFlag = 1;
    private const int SnapshotFlag = 2;

    /// <summary>Up to which entry the sender knows the log to be committed; with a snapshot the version of the voters.</summary>
    public long Commit { get; init; }

    public int Version { get; init; }

    /// <summary>The voters, which go with a snapshot.</summary>
    public ReadOnlyMemory<byte> Voters { get; init; }

    /// <summary>Entries that follow on <see cref="Index"/>, or the snapshot.</summary>
    public IReadOnlyList<RaftEntry> Entries { get; init; } = [];

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[HeadSize + Voters.Length + Entries.Sum(entry => EntryHeadSize + entry.Content.Length)];
        Span<byte> at = bytes;
        at[0] = (byte)Call;
        at = Put(at[1..], Term);
        at = Put(at, Index);
        at = Put(at, IndexTerm);
        at = Put(at, Commit);
        at = Put(at, Version);
        at = Put(at, Voters.Span);
        at = Put(at, Entries.Count);
        foreach (RaftEntry entry in Entries)
        {
            at = Put(at, entry.Term);
            at[0] = (byte)((entry.IsVoters ? VotersFlag : 0) | (entry.IsSnapshot ? SnapshotFlag : 0));
            at = Put(at[1..], entry.Content.Span);
        }
        return bytes;
    }

    /// <summary>Reads what <see cref="ToBytes"/> made, from anybody. The entries stay views of the bytes.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out RaftRequest? request)
    {
        RequestReader reader = new(bytes);
        RaftRequest read = new((RaftCall)reader.Byte(), reader.Long(), reader.Long(), reader.Long())
        {
            Commit = reader.Long(),
            Version = reader.Int(),
            Voters = reader.Bytes(),
        };
        int count = reader.Int();
        var entries = new List<RaftEntry>();
        for (int i = 0; i < count && !reader.IsBroken; i++)
        {
            long term = reader.Long();
            int flags = reader.Byte();
            entries.Add(new RaftEntry(term, reader.Bytes(), (flags & VotersFlag) != 0, (flags & SnapshotFlag) != 0));
        }
        bool isWhole = reader.IsAtEnd && count >= 0 && Enum.IsDefined(read.Call)
            && read is { Term: >= 0, Index: >= 0, IndexTerm: >= 0, Commit: >= 0 }
            && (read.Call != RaftCall.Snapshot || (entries.Count == 1 && entries[0].IsSnapshot));
        request = isWhole ? read with { Entries = entries } : null;
        return isWhole;
    }

    private static Span<byte> Put(Span<byte> at, long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(at, number);
        return at[sizeof(long)..];
    }

    private static Span<byte> Put(Span<byte> at, int number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(at, number);
        return at[sizeof(int)..];
    }

    private static Span<byte> Put(Span<byte> at, ReadOnlySpan<byte> bytes)
    {
        at = Put(at, bytes.Length);
        bytes.CopyTo(at);
        return at[bytes.Length..];
    }
}
