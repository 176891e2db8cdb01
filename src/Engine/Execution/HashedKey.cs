namespace Bixbite.Engine.Execution;

/// <summary>A key whose hash is known already: its place among the arguments, 0 where none is known.</summary>
public readonly record struct HashedKey(int Position, ulong Hash);
