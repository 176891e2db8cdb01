namespace Bixbite.Engine.Commands;

/// <summary>A key of a concrete request: the argument's position, and what the command does to it.</summary>
public readonly record struct KeyPosition(int Index, KeySpecFlags Flags);
