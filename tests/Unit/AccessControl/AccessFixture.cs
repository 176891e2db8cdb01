using System.Text;
using Bixbite.AccessControl.Checking;
using Bixbite.AccessControl.Rules;
using Bixbite.AccessControl.Users;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Unit.Engine;
using Bixbite.Unit.Engine.Commands;

namespace Bixbite.Unit.AccessControl;

/// <summary>An engine with some commands more, and its users.</summary>
internal sealed class AccessFixture : IDisposable
{
    private static readonly (string Name, string Flags, string Keys, string Channels, string Databases)[] s_commands =
    [
        ("copy", "write", "ro access; 1 | ow update; 2", "", "DB"), ("swapdb", "write", "", "", "1 2"),
        ("flushall", "write", "", "", "all"),
        ("exists", "readonly fast", "ro; 1..-1", "", ""), ("mget", "readonly fast", "ro access; 1..-1", "", ""),
        ("sintercard", "readonly", "ro access; numkeys 1", "", ""), ("spublish", "pubsub", "not_key; 1", "first", ""),
        ("auth", "no_auth", "", "", ""),
    ];

    public AccessFixture()
    {
        List<Command> commands = [.. s_commands.Select(Make)];
        commands.Add(Command.CreateContainer(new CommandAttribute("config") { Group = "server" }));
        commands.Add(EngineFixture.Probe("config|get", "admin"));
        commands.Add(EngineFixture.Probe("config|set", "admin"));
        Engine = new EngineFixture(commands.ToArray());
    }

    public EngineFixture Engine { get; }

    public UserTable Users => Engine.Get<UserTable>();

    public AccessLog Log => Engine.Get<AccessLog>();

    /// <summary>Gives rules between blanks; null, or what is wrong.</summary>
    public string? Set(string name, string rules) =>
        Users.Set(Bytes(name), [.. rules.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Bytes)]);

    /// <summary>A user's rules as they are shown, without its name.</summary>
    public string RulesOf(string name) => Encoding.Latin1.GetString(UserOf(name).Line)[$"user {name} ".Length..];

    public User UserOf(string name) => Users.TryFind(Bytes(name), out User? user) ? user : throw new ArgumentException(name);

    /// <summary>The decision on a request of words between blanks.</summary>
    public Denial Check(string user, string request, int database = 0)
    {
        ReadOnlySpan<Argument> arguments = PinnedRequest.Of(request);
        Command command = Engine.Table.Find(arguments[0].Bytes, arguments.Length > 1 ? arguments[1].Bytes : default)!;
        return Engine.Get<AccessChecker>().Check(UserOf(user), command, arguments, database);
    }

    public bool Admits(string user, string request, int database = 0) => Check(user, request, database).IsAdmitted;

    /// <summary>A client that has logged in.</summary>
    public EngineClient Connect(string user)
    {
        EngineClient client = Engine.Connect();
        Engine.Get<Bixbite.AccessControl.Sessions.SessionUsers>().Become(client.Session, UserOf(user));
        return client;
    }

    public void Dispose() => Engine.Dispose();

    internal static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static Command Make((string Name, string Flags, string Keys, string Channels, string Databases) command) => new(
        new CommandAttribute(command.Name)
        {
            Arity = -1, Flags = command.Flags, Keys = command.Keys, Channels = command.Channels, Databases = command.Databases,
        },
        static context => context.Reply.Ok());
}
