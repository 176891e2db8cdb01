namespace Bixbite.Engine.Execution;

/// <summary>Wants to know of commands that have run.</summary>
public interface IRunObserver
{
    /// <summary>The context's command has run; what it changed has been handed over, unless it is part of a transaction.</summary>
    void Ran(CommandContext context);
}
