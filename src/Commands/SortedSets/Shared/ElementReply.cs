using Bixbite.Protocol;
using Bixbite.Types.SortedSets;

namespace Bixbite.Commands.SortedSets.Shared;

/// <summary>
/// Elements as replies. With scores RESP2 has one flat array of members and scores in turns, RESP3 an array of pairs; without scores both
/// have an array of members.
/// </summary>
internal readonly struct ElementReply(ReplyWriter reply, bool withScores)
{
    private readonly bool _isNested = withScores && reply.Version > 2;

    /// <summary>The size of the array for so many elements.</summary>
    public long SizeOf(long count) => withScores && !_isNested ? count * 2 : count;

    public void Begin(long count) => reply.Array(SizeOf(count));

    public void Add(ReadOnlySpan<byte> member, double score)
    {
        if (_isNested)
        {
            reply.Array(2);
        }
        reply.Bulk(member);
        if (withScores)
        {
            reply.Double(score);
        }
    }

    public void Add(ref SortedSetReader reader)
    {
        while (reader.MoveNext())
        {
            if (withScores)
            {
                Add(reader.Member, reader.Score);
            }
            else
            {
                reply.Bulk(reader.Member);
            }
        }
    }
}
