namespace Bixbite.Engine.Execution;

/// <summary>Runs a command and writes exactly one reply.</summary>
public delegate void CommandHandler(CommandContext context);
