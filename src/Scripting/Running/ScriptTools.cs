using Bixbite.Engine.Requests;
using Bixbite.Logging;
using Bixbite.Lua.Libraries;
using Bixbite.Memory;

namespace Bixbite.Scripting.Running;

/// <summary>The means that all machines of a server share.</summary>
/// <param name="Requests">Runs the commands that scripts call.</param>
/// <param name="Log">The server's.</param>
/// <param name="Heap">Pays for buffers that are used again.</param>
/// <param name="Garbage">Told of what is not used any more.</param>
internal sealed record ScriptTools(ScriptRequests Requests, ServerLog Log, Heap Heap, ScriptGarbage Garbage)
{
    /// <summary>The sequence of <c>math.random</c>, which goes on from one script to the next.</summary>
    public RandomSequence Random { get; } = new();
}
