using Bixbite.Engine.Sessions;

namespace Bixbite.Engine.Execution;

/// <summary>Wants to know what clients read that keep caches of it.</summary>
public interface IReadObserver
{
    /// <summary>The context's command has run, of a session with <see cref="SessionFlags.Caching"/>.</summary>
    void Ran(CommandContext context);
}
