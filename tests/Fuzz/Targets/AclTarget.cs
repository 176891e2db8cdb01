using System.Runtime.InteropServices;
using System.Text;
using Bixbite.AccessControl;
using Bixbite.AccessControl.Files;
using Bixbite.AccessControl.Rules;
using Bixbite.AccessControl.Users;
using Bixbite.Configuration.ConfigFiles;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Logging;
using Bixbite.Platform;
using Bixbite.Protocol;

namespace Bixbite.Fuzz.Targets;

/// <summary>
/// Any rules are applied or refused; what is shown of applied ones makes the same user again, by SETUSER, in an ACL file and as a line of
/// the configuration, and admits the same requests.
/// </summary>
internal static class AclTarget
{
    private static readonly CommandTable s_commands = TableOf(
        Make("get", "readonly fast", "ro access; 1"), Make("set", "write", "rw access update; 1"), Make("del", "write", "rm delete; 1..-1"),
        Make("mget", "readonly", "ro access; 1..-1"), Make("select", "fast", ""), Make("publish", "pubsub", "", "first"),
        Make("psubscribe", "pubsub", "", "patterns"), Make("auth", "no_auth", ""),
        Command.CreateContainer(new CommandAttribute("config") { Group = "server" }), Make("config|get", "admin", ""),
        Make("config|set", "admin", ""));

    private static readonly CommandNames s_names = new(s_commands);

    private static readonly AccessSettings s_settings = SettingsOf("x.acl");

    private static readonly ServerLog s_log = new(SystemClock.Instance, static (_, _) => { });

    private static readonly string[] s_requests =
    [
        "get k", "get a", "set k v", "set a v", "del a k", "mget k \x01", "mget \"", "select 0", "select 1", "publish c m", "publish d m",
        "psubscribe c*", "psubscribe *", "auth x", "config get x", "config set x y",
    ];

    /// <summary>The bytes of the requests, which do not move.</summary>
    private static readonly List<byte[]> s_kept = [];

    private static readonly Argument[][] s_arguments = [.. s_requests.Select(ArgumentsOf)];

    public static IReadOnlyList<byte[]> Seeds { get; } = FuzzTarget.Text(
        "on\n>p\n~k*\n%R~a\n%W~\n%RW~x\n&c*\n+get\n-@write",
        "+@all\n-config|set\n+select|0\n(+get ~a)\n(\n%R~\"q)\n+mget)\n(\"~a\\\"b'c\" +get)\ndb=0,3",
        "reset\nnopass\nresetkeys\nallkeys\nallchannels\nresetchannels\nclearselectors\nskip-sanitize-payload\nalldbs\nresetdbs",
        "#ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb\n<a\n!x\nnocommands\nallcommands\n()\n(~a)\n~a)\n+@read\n%R");

    public static IReadOnlyList<byte[]> FileSeeds { get; } = FuzzTarget.Text(
        "user alice on >a ~* &* +@all\n\n  user bob on >b -@all +@read ~set* (+get %R~r*)  \r\nuser default on nopass ~* &* +@all\n",
        "user a\nuser \"b\" (~a) +get)\nuser c (\"~x)\" db=1)\n",
        "user alice on >hush +nosuch\nnouser x\nuser bob #hush\nuser alice\nuser carl (+get\nuser\n");

    /// <summary>Rules, one in a line.</summary>
    public static void Rules(ReadOnlySpan<byte> input)
    {
        UserTable users = NewTable();
        if (users.Set("u"u8, WordsOf(input, (byte)'\n')) is not null)
        {
            return;
        }
        User user = Find(users, "u"u8);
        byte[][] shown = WordsOf(user.Line, (byte)' ')[2..];
        UserTable again = NewTable();
        if (again.Set("u"u8, shown) is { } problem)
        {
            throw new InvalidOperationException($"What is shown is refused: {problem}");
        }
        RequireSame(user, Find(again, "u"u8));
        var file = new OneFileDisk([.. user.Line, (byte)'\n']);
        UserTable loaded = Load(file, out problem) ?? throw new InvalidOperationException($"What is saved is refused: {problem}");
        RequireSame(user, Find(loaded, "u"u8));
        if (!ConfigWords.TrySplit(ConfigWords.Join(user.Line), out List<string>? words))
        {
            throw new InvalidOperationException("The line of a configuration is none.");
        }
        byte[][] configured = [.. words.Skip(2).Select(Configuration.ByteText.Encode)];
        if (NewTable() is var third && third.Set("u"u8, configured) is { } refusal)
        {
            throw new InvalidOperationException($"What is configured is refused: {refusal}");
        }
        RequireSame(user, Find(third, "u"u8));
    }

    /// <summary>An ACL file.</summary>
    public static void File(ReadOnlySpan<byte> input)
    {
        var disk = new OneFileDisk(input.ToArray());
        UserTable? users = Load(disk, out string? problem);
        if (users is null)
        {
            if (problem!.Length == 0)
            {
                throw new InvalidOperationException("A file is refused without a reason.");
            }
            return;
        }
        if (!NewFile(users, disk).Save())
        {
            throw new InvalidOperationException("The users cannot be saved.");
        }
        UserTable again = Load(disk, out problem) ?? throw new InvalidOperationException($"What was saved is refused: {problem}");
        foreach ((User before, User after) in users.All.Zip(again.All))
        {
            RequireSame(before, after);
        }
        if (users.All.Count != again.All.Count)
        {
            throw new InvalidOperationException("A user was lost.");
        }
    }

    private static void RequireSame(User left, User right)
    {
        if (!left.Line.AsSpan().SequenceEqual(right.Line))
        {
            throw new InvalidOperationException("A user is shown differently when it comes back.");
        }
        List<KeyPosition> keys = [];
        foreach (Argument[] arguments in s_arguments)
        {
            Command command = s_commands.Find(arguments)!;
            for (int database = 0; database < 4; database++)
            {
                CommandNeeds needs = s_names.NeedsOf(command);
                var request = new AccessRequest(command, needs, arguments, database, keys);
                var same = new AccessRequest(command, needs, arguments, database, keys);
                if (left.Rules.Check(ref request) != right.Rules.Check(ref same))
                {
                    throw new InvalidOperationException($"A user may do something else when it comes back: {arguments[0]}.");
                }
            }
        }
    }

    private static UserTable? Load(OneFileDisk disk, out string? problem)
    {
        UserTable users = NewTable();
        problem = NewFile(users, disk).Load(caller: null);
        return problem is null ? users : null;
    }

    private static UserTable NewTable() => new(s_names, static () => false);

    private static AclFile NewFile(UserTable users, OneFileDisk disk) => new(s_settings, users, disk, s_log);

    private static User Find(UserTable users, ReadOnlySpan<byte> name) =>
        users.TryFind(name, out User? user) ? user : throw new InvalidOperationException("A user was lost.");

    private static byte[][] WordsOf(ReadOnlySpan<byte> text, byte separator)
    {
        List<byte[]> words = [];
        foreach (Range range in text.Split(separator))
        {
            words.Add(text[range].ToArray());
        }
        return [.. words];
    }

    private static CommandTable TableOf(params ReadOnlySpan<Command> commands)
    {
        CommandTable table = new();
        table.Fill(commands);
        return table;
    }

    private static Command Make(string name, string flags, string keys, string channels = "") => new(
        new CommandAttribute(name) { Arity = -1, Flags = flags, Keys = keys, Channels = channels }, static _ => { });

    private static AccessSettings SettingsOf(string file)
    {
        AccessSettings settings = new(new Configuration.Settings());
        if (settings.AclFile.Load([file]) is { } problem)
        {
            throw new InvalidOperationException(problem);
        }
        return settings;
    }

    private static Argument[] ArgumentsOf(string line)
    {
        string[] words = line.Split(' ');
        byte[] bytes = GC.AllocateArray<byte>(line.Length + 1, pinned: true);
        s_kept.Add(bytes);
        var arguments = new Argument[words.Length];
        int start = 0;
        for (int i = 0; i < words.Length; i++)
        {
            int length = Encoding.Latin1.GetBytes(words[i], 0, words[i].Length, bytes, start);
            arguments[i] = new Argument((ulong)Marshal.UnsafeAddrOfPinnedArrayElement(bytes, start), length);
            start += length;
        }
        return arguments;
    }
}
