using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.Sets;

namespace Bixbite.Commands.Sets.Shared;

/// <summary>Writes members as they come, and counts them.</summary>
internal struct MemberReply(ReplyWriter reply) : IMemberSink
{
    public int Count { get; private set; }

    public bool Add(in StoredText member)
    {
        Write(reply, member);
        Count++;
        return true;
    }

    public static void Write(ReplyWriter reply, in StoredText member)
    {
        if (member.IsInteger)
        {
            reply.BulkInteger(member.Integer);
        }
        else
        {
            reply.Bulk(member.Bytes);
        }
    }
}
