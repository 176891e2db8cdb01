using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Platform;
using Bixbite.Protocol;
using Encoding = System.Text.Encoding;

namespace Bixbite.Engine.Gates;

/// <summary>While the append only log cannot be written, nothing is changed that could be lost.</summary>
public sealed class AofGate(DataState state) : Gate(Concern.Aof)
{
    public override Verdict Ask(CommandContext context, CommandFlags flags)
    {
        if ((flags & (CommandFlags.Write | CommandFlags.NeedsDisk)) == 0)
        {
            return Verdict.Admitted;
        }
        ErrorText.AppendOnlyFailed(context.Reply, Encoding.ASCII.GetBytes(Errno.Text(state.AofErrno)));
        return Verdict.Refused;
    }
}
