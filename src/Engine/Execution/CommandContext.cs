namespace Bixbite.Engine.Execution;

/// <summary>What a command sees.</summary>
public sealed class CommandContext;
