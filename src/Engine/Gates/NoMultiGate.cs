using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Protocol;

namespace Bixbite.Engine.Gates;

/// <summary>Some commands are not kept for EXEC.</summary>
public sealed class NoMultiGate() : Gate(Concern.NoMulti)
{
    public override CommandFlags RaisedBy => CommandFlags.NoMulti;

    public override Verdict Ask(CommandContext context, CommandFlags flags)
    {
        if (!context.Session.Has(SessionFlags.InTransaction))
        {
            return Verdict.Admitted;
        }
        context.Reply.Error(ErrorText.NotInTransaction);
        return Verdict.Refused;
    }
}
