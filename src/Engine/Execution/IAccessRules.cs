using Bixbite.Engine.Sessions;
using Bixbite.Protocol;

namespace Bixbite.Engine.Execution;

/// <summary>What users may do, for those who ask without a request that stands before the gates.</summary>
public interface IAccessRules
{
    /// <summary>Whether the session's user may run a command with these arguments, of which the first is the command's name.</summary>
    bool MayRun(Session session, Command command, ReadOnlySpan<Argument> arguments);

    /// <summary>Whether the user may run the context's request and, by the same rights, read every key.</summary>
    bool MayReadEveryKey(CommandContext context);
}
