using Bixbite.Configuration;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.ClientTracking;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Gates;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Requests;
using Bixbite.Engine.Transactions;
using Bixbite.Memory;
using Bixbite.Protocol;

namespace Bixbite.Hosting.Modules;

/// <summary>Whoever takes requests from clients: gates, command, and then those who wait for what it changed.</summary>
internal sealed class RequestsModule : Module
{
    public override void AddSettings(Settings settings) => settings.Add(new ProtocolSettings(settings));

    public override void Add(ServerBuilder server)
    {
        CommandTable table = server.Get<CommandTable>();
        CommandRunner runner = server.Get<CommandRunner>();
        CommandRecorder recorder = server.Get<CommandRecorder>();
        KeyTracking tracking = server.Get<KeyTracking>();
        TransactionQueue transactions = server.Get<TransactionQueue>();
        CommandContext context = server.Get<ContextFactory>().Create(new ReplyWriter(new NativeBuffer(server.Workspace, 64)));
        var readyKeys = new ReadyKeyDispatcher(
            server.Get<KeyWaits>(), context, new RequestBatch(server.Workspace), runner, recorder, tracking);
        GateList gates = server.Add(new GateList(table, server.Raised, transactions));
        Executor executor = server.Add(new Executor(
            new Prefetcher(table), new Admission(table, gates), transactions, runner, recorder, readyKeys, tracking));
        server.AddCron(new CronTask(CronStage.Changes, _ => RunBetweenRounds(executor)) { IgnoresSwitch = true, IgnoresLoading = true });
    }

    /// <summary>Fills the table, with what modules brought as well, and puts the gates in front. Nothing more is added.</summary>
    public static void Finish(ServerBuilder server, params ReadOnlySpan<Command> commands)
    {
        server.Get<CommandTable>().Fill([.. commands, .. server.Commands]);
        GateList gates = server.Get<GateList>();
        foreach (Gate gate in server.Gates)
        {
            gates.Add(gate);
        }
    }

    private static long RunBetweenRounds(Executor executor)
    {
        executor.RunBetweenRounds();
        return CronTask.Never;
    }
}
