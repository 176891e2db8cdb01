using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Gates;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.PubSub;
using Bixbite.Engine.Requests;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Protocol;
using Bixbite.Scripting.Debugging;
using Bixbite.Scripting.Functions;
using Bixbite.Scripting.Running;

namespace Bixbite.Scripting;

/// <summary>Scripts in Lua: the service that their commands take. Nothing of Lua is built before the first script.</summary>
public sealed class ScriptingModule : Module
{
    public override void AddSettings(Settings settings) => settings.Add(new ScriptingSettings(settings));

    public override void Add(ServerBuilder server)
    {
        ISlotRules? slots = server.Services.Find<ISlotRules>();
        ScriptRequests CreateRequests(CommandContext context, Rehearsal? rehearsal) => new(
            server.Get<CommandTable>(), server.Get<GateList>(), server.Get<CommandRunner>(), server.Get<MemoryGauge>(),
            server.Get<CommandRecorder>(), context)
        {
            Rehearsal = rehearsal, Slots = slots,
        };
        CommandContext context = server.Get<ContextFactory>().Create(new ReplyWriter(new NativeBuffer(server.Workspace, 1)));
        ScriptRequests requests = CreateRequests(context, rehearsal: null);
        ScriptRunner runner = server.Add(new ScriptRunner(requests, server.Get<ScriptingSettings>(), server.Log, server.Clock));
        ScriptGarbage garbage = server.Add(new ScriptGarbage(server.Get<CronAlarm>(), server.Clock, runner));
        server.AddCron(new CronTask(CronStage.Memory, garbage.RunIfDue));
        ScriptTools tools = server.Add(new ScriptTools(requests, server.Log, server.Workspace, garbage));
        AnswerProbes(server.Get<ScriptingSettings>().BusyAnswersProbes, server.Get<LongCommand>());
        ScriptService scripts = server.Add(new ScriptService(tools, runner));
        FunctionService functions = server.Add(new FunctionService(tools, runner, server.Clock));
        server.Records.Add(functions.Records);
        ScriptDebugger debugger = AddDebugger(server, tools, CreateRequests);
        ScriptMemory memory = server.Add(new ScriptMemory
        {
            EvalMachineBytes = () => scripts.MachineBytes + debugger.MachineBytes, EvalBytes = () => scripts.CacheBytes,
            EvalCount = () => scripts.Count,
            FunctionMachineBytes = () => functions.MachineBytes, FunctionBytes = () => functions.CatalogBytes,
            FunctionCount = () => functions.FunctionCount, LibraryCount = () => functions.LibraryCount,
        });
        server.Get<MemoryGauge>().AddTable(() => memory.Bytes);
        memory.AddTo(server.Info["Memory"]);
        server.Info["Stats"].Counter("evicted_scripts", () => scripts.EvictedCount);
    }

    private static void AnswerProbes(BoolSetting setting, LongCommand command)
    {
        command.AnswersProbes = setting.Value;
        setting.Changed += () => command.AnswersProbes = setting.Value;
    }

    private static ScriptDebugger AddDebugger(
        ServerBuilder server, ScriptTools tools, Func<CommandContext, Rehearsal, ScriptRequests> createRequests)
    {
        var rehearsal = new RehearsalTools(
            server.Get<Databases>(), server.Get<KeyAccess>(), server.Get<ChangeFeed>(), server.Get<PubSubBroker>());
        var parts = new DebuggerParts(
            tools, server.Get<ScriptRunner>(), server.Get<ContextFactory>(), rehearsal, createRequests, server.Get<ScriptingSettings>(),
            server.Get<CommandTime>(), server.Clock);
        ScriptDebugger debugger = server.AddPart(new ScriptDebugger(
            parts, server.Get<ScriptService>(), server.Get<LongCommand>(), server.Get<CronAlarm>(), server.Sessions.Slot<DebugMode>()));
        server.AddCron(new CronTask(CronStage.Slices, _ => debugger.RunSlices()) { TouchesKeys = true });
        return debugger;
    }
}
