using System.Text;
using Bixbite.Tool.Connecting;
using Bixbite.Tool.Options;
using Bixbite.Tool.Replies;
using Bixbite.Tool.Scanning;
using Bixbite.Tool.Terminals;

namespace Bixbite.Tool.Cli;

internal enum CliAction
{
    /// <summary>Runs the command on the command line, or those that are read.</summary>
    Run,
    ShowHelp,
}

/// <summary>The command line of <c>bixbite cli</c>.</summary>
internal sealed class CliOptions
{
    public const string Name = "bixbite cli";

    private const string Usage =
        """
        Usage: bixbite cli [options] [command [argument ...]]

        With a command it is run, and its reply printed: for people, or as it is where a program reads it. Without one, commands are read:
        at a prompt with completion and history, or line by line from a file.


        """;

    private const string Examples =
        """

        Examples:
          bixbite cli -p 7000 SET greeting hello
          bixbite cli -r 10 -i 1 INFO memory | grep used_memory_human
          bixbite cli -x SET picture < picture.png
          bixbite cli < commands.txt

        """;

    private readonly OptionReader _reader;
    private string _format = "";
    private string _elementEnd = "\n";
    private string _replyEnd = "\n";
    private bool? _arePushesShown;

    public CliOptions()
    {
        Option[] own =
        [
            new(["-r", "--repeat"], "times", "Run the command so often; -1 for ever.", value => Repeat = Times(value)),
            new(["-i", "--interval"], "seconds", "Wait between them: 1 or 0.1.", value => Interval = OptionReader.Seconds("-i", value)),
            new(["-x"], "", "Read the last argument from the input.", _ => ReadsLastArgument = true),
            new(["-e"], "", "End with an exit code when the server answers with an error.", _ => FailsOnError = true),
            new(["-2"], "", "Speak RESP2 (default where a program reads the replies).", _ => Protocol = 2),
            new(["-3"], "", "Speak RESP3 (default at a terminal, where the server knows it).", _ => Protocol = 3),
            new(["--raw"], "", "Print values as they are (default where a program reads them).", _ => _format = "raw"),
            new(["--no-raw"], "", "Print values for people.", _ => _format = "person"),
            new(["--csv"], "", "Print lines of values between commas.", _ => _format = "csv"),
            new(["--json"], "", "Print JSON; speaks RESP3.", _ => UseJson("json")),
            new(["--quoted-json"], "", "Print JSON in ASCII; speaks RESP3.", _ => UseJson("quoted-json")),
            new(["-d"], "text", "What stands between elements with --raw (default: the end of a line).", value => _elementEnd = value),
            new(["-D"], "text", "What follows a reply with --raw (default: the end of a line).", value => _replyEnd = value),
            new(
                ["--show-pushes"], "yes|no", "Print what the server says unasked (default: at a terminal).",
                value => _arePushesShown = YesOrNo(value)),
            new(["--no-auth-warning"], "", "Say nothing of a password on the command line.", _ => IsPasswordWarned = false),
            new(["--help", "-?"], "", "Show this.", _ => Action = CliAction.ShowHelp),
        ];
        _reader = new OptionReader(Name, [.. Connection.Declare(), .. own, .. Scan.Declare()]);
    }

    public ConnectionOptions Connection { get; } = new();

    public ScanOptions Scan { get; } = new();

    public CliAction Action { get; private set; }

    /// <summary>How often the command is run; -1 for ever.</summary>
    public int Repeat { get; private set; } = 1;

    public TimeSpan Interval { get; private set; }

    public bool ReadsLastArgument { get; private set; }

    public bool FailsOnError { get; private set; }

    /// <summary>2 or 3; 0 for what suits.</summary>
    public int Protocol { get; private set; }

    public bool IsPasswordWarned { get; private set; } = true;

    /// <summary>The words of the command; none where commands are read.</summary>
    public string[] Command { get; private set; } = [];

    public string Help => Usage + _reader.Describe() + Examples;

    public void Read(IReadOnlyList<string> arguments, Terminal terminal)
    {
        Command = _reader.Read(arguments);
        Connection.Complete(terminal.Variable);
        if (Protocol == 0 && !terminal.IsOutputPerson)
        {
            Protocol = 2;
        }
    }

    public bool ArePushesShown(Terminal terminal) => _arePushesShown ?? terminal.IsOutputPerson;

    public IReplyFormat Format(Terminal terminal) => (_format.Length > 0 ? _format : terminal.IsOutputPerson ? "person" : "raw") switch
    {
        "csv" => new CsvFormat(),
        "json" => new JsonFormat(isAscii: false),
        "quoted-json" => new JsonFormat(isAscii: true),
        "person" => new PersonFormat(terminal.HasColors ? ReplyColors.Ansi : ReplyColors.None),
        _ => new RawFormat(Encoding.UTF8.GetBytes(_elementEnd), Encoding.UTF8.GetBytes(_replyEnd)),
    };

    private static int Times(string value) => OptionReader.Number("-r", value, -1, int.MaxValue) is not 0 and var times
        ? times
        : throw new ToolException("-r 0 runs nothing: give a number of times, or -1 for ever.", ToolException.Misused);

    private static bool YesOrNo(string value) => value switch
    {
        "yes" or "y" => true,
        "no" or "n" => false,
        _ => throw new ToolException($"--show-pushes is yes or no, not '{value}'.", ToolException.Misused),
    };

    private void UseJson(string format)
    {
        _format = format;
        Protocol = Protocol == 0 ? 3 : Protocol;
    }
}
