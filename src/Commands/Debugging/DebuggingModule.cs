using Bixbite.Configuration.ConfigFiles;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Keyspace;
using Bixbite.Persistence;
using Bixbite.Persistence.Startup;
using Bixbite.Persistence.Values;
using Bixbite.Replication.History;
using Bixbite.Replication.Streaming;
using Bixbite.Scripting;
using Bixbite.Structures.Text;
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
            server.Get<ActiveExpiry>(), server.Get<ReplicationHistory>(), server.Get<ReplicationStream>(), server.Log,
            server.Get<CronSwitch>()).Tools);
        tools.Add(new DebugKeys(
            server.Get<Databases>(), server.Get<AccessClock>(), server.Get<ValueContext>(), server.Get<ValueCodecs>()).Tools);
        tools.Add(new DebugValues(server.Log, server.Get<PayloadChecks>()).Tools);
        ScriptService scripts = server.Get<ScriptService>();
        tools.Add(
        [
            new DebugTool("protocol", 3, 3, DebugProtocol.Answer), new DebugTool("help", 2, 2, Debug.Help),
            new DebugTool("set-disable-deny-scripts", 3, 3, context => SetDisableDenyScripts(context, scripts)),
        ]);
    }

    /// <summary>Text that is no number counts as 0, as in Redis.</summary>
    private static void SetDisableDenyScripts(CommandContext context, ScriptService scripts)
    {
        scripts.AllowsAll = Integers.TryParse(context[2], out long value) && value != 0;
        context.Reply.Ok();
    }
}
