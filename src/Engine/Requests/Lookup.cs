using Bixbite.Engine.Execution;

namespace Bixbite.Engine.Requests;

/// <summary>
/// The findings about a request before its turn came: its command, null where nobody has looked, and the hash of its first key.
/// </summary>
public readonly record struct Lookup(Command? Command, HashedKey Key);
