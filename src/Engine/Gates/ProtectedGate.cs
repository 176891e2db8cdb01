using Bixbite.Configuration;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Protocol;

namespace Bixbite.Engine.Gates;

/// <summary>DEBUG is for those whom enable-debug-command lets use it.</summary>
public sealed class ProtectedGate(ServerSettings settings) : Gate(Concern.Protected)
{
    public override CommandFlags RaisedBy => CommandFlags.Protected;

    public override Verdict Ask(CommandContext context, CommandFlags flags)
    {
        LocalAccess access = settings.EnableDebugCommand.Value;
        if (access == LocalAccess.Yes || (access == LocalAccess.Local && context.Session.IsLocal))
        {
            return Verdict.Admitted;
        }
        ErrorText.ProtectedCommand(context.Reply, "DEBUG"u8, "enable-debug-command"u8);
        return Verdict.Refused;
    }
}
