using Bixbite.Engine.Execution;
using Bixbite.Engine.Requests;
using Bixbite.Keyspace;
using Bixbite.Platform;
using Bixbite.Scripting.Running;

namespace Bixbite.Scripting.Debugging;

/// <summary>The parts of a server by which scripts are debugged.</summary>
/// <param name="Tools">The means of all machines.</param>
/// <param name="Runner">Runs scripts for good.</param>
/// <param name="Contexts">Makes contexts of commands that go on by themselves.</param>
/// <param name="Rehearsal">The means of running commands on copies of keys.</param>
/// <param name="CreateRequests">A way to call commands of its own, by a context and on these copies.</param>
/// <param name="Settings">Those of scripts.</param>
/// <param name="Time">The time that commands see.</param>
/// <param name="Clock">The server's.</param>
internal sealed record DebuggerParts(
    ScriptTools Tools, ScriptRunner Runner, ContextFactory Contexts, RehearsalTools Rehearsal,
    Func<CommandContext, Rehearsal, ScriptRequests> CreateRequests, ScriptingSettings Settings, CommandTime Time, IClock Clock);
