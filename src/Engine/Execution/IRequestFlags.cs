using Bixbite.Engine.Commands;

namespace Bixbite.Engine.Execution;

/// <summary>
/// Implemented by a class of commands whose flags depend on the request: what a script says of itself decides what EVAL needs. The gates,
/// and a transaction that keeps the request, ask for them.
/// </summary>
public interface IRequestFlags
{
    /// <summary>The flags of the context's request; its command is resolved, and its arguments are enough.</summary>
    CommandFlags FlagsOf(CommandContext context);
}
