using Bixbite.Engine.Sessions;
using Bixbite.Protocol;

namespace Bixbite.Engine.Execution;

/// <summary>The rights of users, for those who ask otherwise than the gates do.</summary>
public interface IAccessRules
{
    /// <summary>Whether the context's request may not run; then that is answered and noted.</summary>
    bool Refuses(CommandContext context);

    /// <summary>Whether the session's user may run a command with these arguments, of which the first is the command's name.</summary>
    bool MayRun(Session session, Command command, ReadOnlySpan<Argument> arguments);

    /// <summary>Whether the session's user may run the command with some arguments.</summary>
    bool MayUse(Session session, Command command);

    /// <summary>Whether the user may run the context's request and, by the same rights, read every key.</summary>
    bool MayReadEveryKey(CommandContext context);
}
