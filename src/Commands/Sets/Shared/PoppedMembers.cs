using System.Diagnostics;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Propagation;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Sets;

namespace Bixbite.Commands.Sets.Shared;

/// <summary>Answers members that are taken by chance, and has their removal repeated: by SREM, so many members in each.</summary>
internal struct PoppedMembers(CommandContext context, long count) : IMemberSink
{
    private const int BatchSizeMax = 1024;

    private long _left = count;
    private int _leftInBatch;

    public bool Add(in StoredText member)
    {
        Debug.Assert(_left > 0, "More members than were announced.");
        MemberReply.Write(context.Reply, member);
        if (context.Effects.IsWanted)
        {
            Repeat(member);
        }
        return true;
    }

    private void Repeat(in StoredText member)
    {
        Effects effects = context.Effects;
        if (_leftInBatch == 0)
        {
            _leftInBatch = (int)Math.Min(_left, BatchSizeMax);
            effects.Begin(2 + _leftInBatch);
            effects.Add("SREM"u8);
            effects.Add(context[1]);
        }
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        effects.Add(member.Text(scratch));
        _leftInBatch--;
        _left--;
    }
}
