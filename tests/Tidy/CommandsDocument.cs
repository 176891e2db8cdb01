using System.Text;
using Xunit;

namespace Bixbite.Tidy;

/// <summary>
/// docs/COMMANDS.md and a page for each group in docs/commands are written from the [Command] attributes and the examples; the test
/// rewrites them where BIXBITE_REWRITE=1.
/// </summary>
public sealed class CommandsDocument
{
    private const string ListPath = "docs/COMMANDS.md";
    private const string PageFolder = "docs/commands";

    private static readonly CommandEntry[] s_commands = [.. CommandEntry.All().OrderBy(entry => entry.Name, StringComparer.Ordinal)];

    [Fact]
    public void ListIsCurrent() => Compare(ListPath, WriteList());

    [Fact]
    public void PagesAreCurrent()
    {
        string[] paths =
        [
            .. from command in s_commands
               group command by Page(command) into page
               orderby page.Key
               select page.Key,
        ];
        foreach (string path in paths)
        {
            Compare(path, WritePage(path));
        }
        Assert.Equal(paths, Repository.Files(".md", PageFolder));
    }

    /// <summary>The heading of an example is a command of its group, and the example uses it.</summary>
    [Fact]
    public void ExamplesBelongToCommands() => Rule.Check(
        nameof(ExamplesBelongToCommands),
        from path in Repository.Files(".txt", PageFolder)
        from example in ExampleFile.Parse(Repository.Read(path))
        let command = s_commands.FirstOrDefault(entry => entry.Title == example.Title && ExamplePath(Page(entry)) == path)
        where command is null || !example.Steps.Any(step => Uses(step.Request, example.Title))
        select new Violation(path, $"{example.Title} {(command is null ? "is no command of this group" : "is not used")}"));

    /// <summary>
    /// The syntax and the arity of a command agree on how many arguments it has at least. COMMAND DOCS calls some arguments optional that
    /// are not (FROMMEMBER of GEOSEARCH), so a syntax with optional arguments may have fewer.
    /// </summary>
    [Fact]
    public void SyntaxAgreesWithArity() => Rule.Check(
        nameof(SyntaxAgreesWithArity),
        from command in s_commands
        where command["Syntax"].Length > 0
        let arity = int.Parse(command["Arity"], System.Globalization.CultureInfo.InvariantCulture)
        let least = Synopsis.CountMin(command)
        where least > Math.Abs(arity) || (!Synopsis.IsOpen(command) && least < Math.Abs(arity))
        select new Violation($"{command.Source} {command.Name}", $"its arity is {arity}, its syntax has {least} arguments at least"));

    private static void Compare(string document, string expected)
    {
        string path = Path.Combine(Repository.Root, document);
        if (Environment.GetEnvironmentVariable("BIXBITE_REWRITE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, expected);
        }
        string actual = File.Exists(path) ? File.ReadAllText(path) : "";
        Assert.True(expected == actual, $"{document} is out of date: run the tests of tests/Tidy once with BIXBITE_REWRITE=1");
    }

    private static string WriteList()
    {
        var text = new StringBuilder();
        text.Append("# Commands\n\n");
        int subcommandCount = s_commands.Count(command => command.Name.Contains('|'));
        text.Append("Written by a test from the `[Command]` attributes; do not edit. ");
        text.Append($"{s_commands.Length - subcommandCount} commands, {subcommandCount} subcommands.\n");
        text.Append("*Since* is the release of Redis or Valkey that brought the command.\n");
        foreach (IGrouping<string, CommandEntry> group in s_commands.GroupBy(command => command["Group"]).OrderBy(group => group.Key))
        {
            string page = Path.GetRelativePath("docs", Page(group.First()));
            text.Append($"\n## {GroupTitle(group.Key)}\n\n| command | what it does | since | source |\n| --- | --- | --- | --- |\n");
            foreach (CommandEntry command in group)
            {
                text.Append($"| [{command.Title}]({page}#{Anchor(command)}) | {Cell(command["Summary"])} | {command["Since"]} | ");
                text.Append($"[{Path.GetFileName(command.Source)}](../{command.Source}) |\n");
            }
        }
        return text.ToString();
    }

    private static string WritePage(string path)
    {
        CommandEntry[] commands = [.. s_commands.Where(command => Page(command) == path)];
        string file = ExamplePath(path);
        Dictionary<string, Example> examples = File.Exists(Path.Combine(Repository.Root, file))
            ? ExampleFile.Parse(Repository.Read(file)).ToDictionary(example => example.Title)
            : [];
        var text = new StringBuilder();
        text.Append($"# {GroupTitle(commands[0]["Group"])}\n\n");
        text.Append("Written by a test from the `[Command]` attributes");
        text.Append(examples.Count == 0
            ? ""
            : $" and the examples of `{file}`, each of which a test runs on an empty server (`...` is text that differs or is long)");
        text.Append("; do not edit.\n");
        foreach (CommandEntry command in commands)
        {
            WriteCommand(text, command);
            if (examples.TryGetValue(command.Title, out Example? example))
            {
                text.Append($"\n```\n{example.Text}\n```\n");
            }
        }
        return text.ToString();
    }

    private static void WriteCommand(StringBuilder text, CommandEntry command)
    {
        text.Append($"\n## {command.Title}\n\n{command["Summary"]}\n\n");
        bool isContainer = command.Handler.Length == 0;
        text.Append($"    {(isContainer ? $"{command.Title} subcommand ..." : Synopsis.Write(command))}\n\n");
        string[] facts =
        [
            command["Complexity"],
            $"since {command["Since"]}",
            .. command["Flags"].Split(' ').Where(flag => flag is "write" or "readonly" or "blocking" or "admin"),
            $"[{Path.GetFileName(command.Source)}](../../{command.Source})",
        ];
        text.Append(string.Join(" · ", facts.Where(fact => fact.Length > 0))).Append('\n');
        (string Name, string Since)[] younger = [.. Synopsis.Younger(command).Distinct()];
        if (younger.Length > 0)
        {
            IEnumerable<string> releases = younger.GroupBy(word => word.Since).OrderBy(group => Version.Parse(group.Key))
                .Select(group => $"{group.Key}: {string.Join(", ", group.Select(word => $"`{word.Name}`"))}");
            text.Append($"\nAdded later: {string.Join("; ", releases)}.\n");
        }
        if (command["DeprecatedSince"].Length > 0)
        {
            string instead = command["ReplacedBy"] is { Length: > 0 } other ? $"; instead there is {other}" : "";
            text.Append($"\nNot to be used any more since {command["DeprecatedSince"]}{instead}.\n");
        }
    }

    private static string Page(CommandEntry command) => $"{PageFolder}/{command["Group"].Replace('_', '-')}.md";

    private static string ExamplePath(string page) => $"{PageFolder}/examples/{Path.GetFileNameWithoutExtension(page)}.txt";

    private static string Anchor(CommandEntry command) => command.Title.ToLowerInvariant().Replace(' ', '-');

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static bool Uses(string request, string title) =>
        request == title || request.StartsWith(title + " ", StringComparison.Ordinal);

    private static string GroupTitle(string group) => group switch
    {
        "bitmap" => "Bitmaps",
        "cluster" => "Cluster",
        "connection" => "Connection",
        "generic" => "Keys and expiry",
        "geo" => "Places",
        "hash" => "Hashes",
        "hyperloglog" => "HyperLogLog",
        "list" => "Lists",
        "pubsub" => "Publish and subscribe",
        "scripting" => "Scripts and functions",
        "server" => "Server",
        "set" => "Sets",
        "sorted_set" => "Sorted sets",
        "stream" => "Streams",
        "string" => "Strings",
        "transactions" => "Transactions",
        _ => throw new ArgumentException($"the group {group} has no title", nameof(group)),
    };
}
