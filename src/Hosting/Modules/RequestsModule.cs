using Bixbite.Configuration;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.ClientTracking;
using Bixbite.Engine.Durability;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Gates;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Requests;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Transactions;
using Bixbite.Memory;
using Bixbite.Protocol;
using Bixbite.Types;

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
        WaitReruns reruns = server.Add(new WaitReruns(
            runner, server.Get<BlockedSessions>(), recorder, tracking, context, new RequestBatch(server.Workspace)));
        var readyKeys = new ReadyKeyDispatcher(server.Get<KeyWaits>(), reruns, context, runner, recorder, server.Raised);
        GateList gates = server.Add(new GateList(table, server.Raised, transactions));
        var prefetcher = new Prefetcher(table);
        server.Add(new Executor(prefetcher, new Admission(table, gates), transactions, runner, recorder, readyKeys, tracking));
        PinnedBlocks pinned = server.Get<ValueContext>().Pinned;
        Rounds rounds = server.Add(new Rounds(
            prefetcher, recorder, readyKeys, tracking, server.Get<ClientEviction>(), server.Get<DurabilityLines>(), pinned));
        server.AddCron(new CronTask(CronStage.Changes, _ => RunBetweenRounds(rounds)) { IgnoresSwitch = true, IgnoresLoading = true });
        AddSlices(server, runner, recorder, readyKeys, tracking);
        server.AddCron(new CronTask(CronStage.Memory, _ => Collect(pinned)) { IgnoresSwitch = true, IgnoresLoading = true });
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

    private static void AddSlices(
        ServerBuilder server, CommandRunner runner, CommandRecorder recorder, ReadyKeyDispatcher readyKeys, KeyTracking tracking)
    {
        CommandContext context = server.Get<ContextFactory>().Create(new ReplyWriter(new NativeBuffer(server.Workspace, 64)));
        var slices = new LongCommandRunner(
            server.Get<LongCommand>(), context, new RequestBatch(server.Workspace), runner, recorder, readyKeys, tracking);
        server.AddCron(new CronTask(CronStage.Slices, _ => slices.RunSlice(server.Clock)) { IgnoresSwitch = true, IgnoresLoading = true });
    }

    private static long RunBetweenRounds(Rounds rounds)
    {
        rounds.RunBetween();
        return CronTask.Never;
    }

    /// <summary>Blocks are given back also while no request comes.</summary>
    private static long Collect(PinnedBlocks pinned)
    {
        pinned.Collect();
        return CronTask.Never;
    }
}
