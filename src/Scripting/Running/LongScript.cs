using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;

namespace Bixbite.Scripting.Running;

/// <summary>The rest of a script that takes long.</summary>
internal sealed class LongScript(ScriptRunner runner, ScriptTask task, Session session) : LongOperation(session)
{
    public override ReadOnlySpan<byte> BusyError => task.BusyError;

    public override bool IsResting => runner.IsResting;

    public override bool HoldsOthers => runner.HoldsOthers;

    public override bool Run(CommandContext context, Func<bool> isSliceOver) => runner.GoOn(context, isSliceOver);

    public override bool TryStop() => runner.TryStop();
}
