using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Modules;
using Bixbite.Scripting;
using Bixbite.Scripting.Commands;

namespace Bixbite.Unit.Scripting;

/// <summary>Scripts for the servers of tests: with the commands that no server's table has yet.</summary>
public sealed class ScriptingTestModule : Module
{
    private readonly ScriptingModule _scripting = new();

    public override void Add(ServerBuilder server)
    {
        _scripting.Add(server);
        ScriptService service = server.Get<ScriptService>();
        var eval = new Eval(service, server.Get<CommandRecorder>());
        var script = new ScriptCommands(service);
        server.AddCommand(Command.CreateContainer(AttributeOf(typeof(ScriptCommands))));
        CommandHandler[] handlers =
        [
            eval.Run, eval.EvalRo, eval.EvalSha, eval.EvalShaRo, script.Load, script.Exists, script.Flush, script.Help,
        ];
        foreach (CommandHandler handler in handlers)
        {
            server.AddCommand(new Command(AttributeOf(handler.Method), handler));
        }
    }

    private static CommandAttribute AttributeOf(System.Reflection.MemberInfo member) =>
        member.GetCustomAttributes(typeof(CommandAttribute), inherit: false).Cast<CommandAttribute>().Single();
}
