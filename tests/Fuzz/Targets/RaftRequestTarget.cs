using Bixbite.Consensus;

namespace Bixbite.Fuzz.Targets;

/// <summary>Whatever another voter asks is understood or refused; what is understood says the same when it is written again.</summary>
internal static class RaftRequestTarget
{
    public static IReadOnlyList<byte[]> Seeds { get; } =
    [
        new RaftRequest(RaftCall.Vote, 3, 10, 2).ToBytes(),
        new RaftRequest(RaftCall.Append, 3, 10, 2)
        {
            Commit = 9,
            Entries = [new RaftEntry(3, "entry"u8.ToArray()), new RaftEntry(3, default, IsVoters: true)],
        }.ToBytes(),
        new RaftRequest(RaftCall.Snapshot, 3, 10, 2)
        {
            Voters = new byte[40],
            Entries = [new RaftEntry(3, new byte[50], IsSnapshot: true)],
        }.ToBytes(),
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (!RaftRequest.TryRead(input.ToArray(), out RaftRequest? request))
        {
            return;
        }
        byte[] bytes = request.ToBytes();
        if (!RaftRequest.TryRead(bytes, out RaftRequest? again) || !again.ToBytes().AsSpan().SequenceEqual(bytes))
        {
            throw new InvalidOperationException("A request is not what was read.");
        }
    }
}
