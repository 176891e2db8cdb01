namespace Bixbite.Engine.Execution;

/// <summary>Knows the commands that wait, and ends their waits.</summary>
public interface ISuspensions
{
    /// <summary>The context's command waits from now on; its request is kept until the wait is over.</summary>
    void Begin(BlockedOperation operation, CommandContext context);
}
