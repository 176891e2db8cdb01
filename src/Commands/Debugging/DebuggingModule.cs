using Bixbite.Configuration.ConfigFiles;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Keyspace;
using Bixbite.Persistence;
using Bixbite.Persistence.Startup;
using Bixbite.Persistence.Values;
using Bixbite.Types;

namespace Bixbite.Commands.Debugging;

/// <summary>DEBUG: a list of tools, each with the services that it looks into. Other modules may add theirs.</summary>
public sealed class DebuggingModule : Module
{
    public override void Add(ServerBuilder server) => server.Add(new DebugTools());

    public override void Connect(ServerBuilder server)
    {
        DebugTools tools = server.Get<DebugTools>();
        tools.Add(new DebugFiles(server.Get<ConfigRewrite>(), server.Get<ServerIdentity>(), server.Get<Reload>()).Tools);
        tools.Add(new DebugServer(
            server.Get<ActiveExpiry>(), server.Get<ReplicationIdentity>(), server.Log, server.Get<CronSwitch>()).Tools);
        tools.Add(new DebugKeys(
            server.Get<Databases>(), server.Get<AccessClock>(), server.Get<ValueContext>(), server.Get<ValueCodecs>()).Tools);
        tools.Add(new DebugValues(server.Log, server.Get<PayloadChecks>()).Tools);
        tools.Add([new DebugTool("protocol", 3, 3, DebugProtocol.Answer), new DebugTool("help", 2, 2, Debug.Help)]);
    }
}
