using Bixbite.Engine.Blocking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Protocol;

namespace Bixbite.Engine.Gates;

/// <summary>
/// Before a command runs keys are removed until memory is under its limit; where that fails, commands that need memory are refused. While
/// writes are paused, or a command takes long, the keyspace stays as it is: nothing is evicted, and nobody refused for it.
/// </summary>
public sealed class MemoryLimitGate(MemoryGauge memory, Eviction eviction, PauseGate pause, RaisedConcerns raised)
    : Gate(Concern.MemoryLimit)
{
    public override Verdict Ask(CommandContext context, CommandFlags flags)
    {
        if (pause.IsOn || raised.Has(Concern.Busy))
        {
            return Verdict.Admitted;
        }
        if (eviction.MakeRoom())
        {
            raised.Set(Concern, memory.LimitBytes > 0);
            return Verdict.Admitted;
        }
        if (!NeedsMemory(context, flags))
        {
            return Verdict.Admitted;
        }
        context.Reply.Error(ErrorText.OutOfMemory);
        return Verdict.Refused;
    }

    /// <summary>Within a transaction every request takes memory until EXEC; and EXEC takes what its requests take.</summary>
    private static bool NeedsMemory(CommandContext context, CommandFlags flags) =>
        (flags & CommandFlags.DenyOom) != 0
        || (context.Session.Has(SessionFlags.InTransaction) && !context.Command.Has(CommandFlags.RunsInMulti));
}
