using Bixbite.Engine.Blocking;
using Bixbite.Engine.Durability;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Gates;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Propagation;
using Bixbite.Keyspace;

namespace Bixbite.Hosting.Modules;

/// <summary>
/// The one way to run a command, what its output waits for, and the gates that stand before it whatever the server can do.
/// </summary>
internal sealed class ExecutionModule : Module
{
    public override void Add(ServerBuilder server)
    {
        Propagator propagator = server.Get<Propagator>();
        CommandRunner runner = server.Add(
            new CommandRunner(propagator, server.Get<CommandRecorder>(), server.Raised, server.Get<PauseGate>(), server.Role));
        server.AddPart(new DurabilityLines(server.Get<ChangeFeed>(), propagator, runner, server.Sessions));
        LongCommand command = server.AddPart(new LongCommand(server.Raised, server.Get<CommandTime>(), server.Workspace));
        CronAlarm alarm = server.Get<CronAlarm>();
        command.Began = () => alarm.RingWithin(0);
        server.Add(new ContextFactory(
            server.Get<KeyAccess>(), server.Get<ChangeFeed>(), server.Get<CommandTime>(), propagator.Effects, server.Get<BlockedSessions>(),
            command, server.Sessions.Slot<UnfinishedReply>()));
        server.AddGate(new ProtectedGate(server.Get<ServerSettings>()));
        server.AddGate(new NoMultiGate());
        server.AddGate(new SubscriberGate());
        server.AddGate(server.AddPart(new BusyGate(command)));
    }
}
