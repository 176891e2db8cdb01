using Bixbite.Protocol;

namespace Bixbite.Engine.Commands;

/// <summary>Tells what a concrete request does to its keys, where that depends on its arguments; the command's name comes first.</summary>
public delegate KeySpecFlags KeyFlagsResolver(ReadOnlySpan<Argument> arguments);
