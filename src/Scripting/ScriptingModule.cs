using Bixbite.Engine.Execution;
using Bixbite.Engine.Facts;
using Bixbite.Engine.Gates;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Requests;
using Bixbite.Engine.Statistics;
using Bixbite.Memory;
using Bixbite.Protocol;
using Bixbite.Scripting.Commands;
using Bixbite.Scripting.Running;

namespace Bixbite.Scripting;

/// <summary>
/// Scripts in Lua: the service that their commands take. Nothing of Lua is built before the first script.
/// </summary>
public sealed class ScriptingModule : Module
{
    public override void Add(ServerBuilder server)
    {
        CommandTable table = server.Get<CommandTable>();
        CommandContext context = server.Get<ContextFactory>().Create(new ReplyWriter(new NativeBuffer(server.Workspace, 256)));
        var requests = new ScriptRequests(
            table, server.Get<GateList>(), server.Get<CommandRunner>(), server.Get<MemoryGauge>(), server.Get<CommandRecorder>(),
            server.Get<ServerStatistics>(), context);
        var scripts = server.Add(new ScriptService(() => new ScriptRunner(requests, table, server.Log, server.Workspace), requests));
        server.Get<MemoryGauge>().AddTable(() => scripts.Bytes);
        InfoSection memory = server.Info["Memory"];
        memory.Gauge("number_of_cached_scripts", () => scripts.Count);
        memory.Gauge("used_memory_scripts_eval", () => scripts.Bytes);
        server.Info["Stats"].Counter("evicted_scripts", () => scripts.EvictedCount);
    }
}
