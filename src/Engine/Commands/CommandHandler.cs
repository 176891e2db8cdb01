using Bixbite.Engine.Execution;

namespace Bixbite.Engine.Commands;

/// <summary>Runs a command and writes exactly one reply.</summary>
public delegate void CommandHandler(CommandContext context);
