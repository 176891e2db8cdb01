using System.Text;
using Bixbite.Tool.Connecting;
using Bixbite.Tool.Editing;
using Bixbite.Tool.Facts;
using Bixbite.Tool.Scanning;
using Bixbite.Tool.Terminals;

namespace Bixbite.Tool.Cli;

/// <summary><c>bixbite cli</c>: one command, the commands of a file, or a prompt.</summary>
internal static class CliCommand
{
    private const string HistoryVariable = "BIXBITE_CLI_HISTORY";
    private const string HistoryName = ".bixbite_cli_history";

    /// <summary>Returns the process' exit code.</summary>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        CliOptions options = new();
        options.Read(arguments, terminal);
        if (options.Action == CliAction.ShowHelp)
        {
            terminal.Write(options.Help);
            return 0;
        }
        if (options.Connection.IsPasswordShown && options.IsPasswordWarned)
        {
            terminal.WriteError("Warning: others of this machine may read a password on the command line. REDISCLI_AUTH keeps it.");
        }
        if (options.Scan.Kind != ScanKind.None)
        {
            return Scan(options, terminal);
        }
        using CliSession session = new(options, terminal);
        if (options.Command.Length > 0)
        {
            return RunOne(options, terminal, session);
        }
        if (options.ReadsLastArgument)
        {
            throw new ToolException("-x needs a command, whose last argument is read: bixbite cli -x SET key.", ToolException.Misused);
        }
        return terminal.IsInputPerson && terminal.IsOutputPerson ? RunPrompt(terminal, session) : RunLines(options, terminal, session);
    }

    private static int Scan(CliOptions options, Terminal terminal)
    {
        if (options.Command.Length > 0)
        {
            throw new ToolException($"A search runs no command: '{options.Command[0]}' is one too many.", ToolException.Misused);
        }
        using Interruption interruption = Interruption.OfProcess();
        try
        {
            using ServerConnection connection = ServerConnection.Open(options.Connection, interruption.Token);
            new Greeting(options.Connection, protocol: 2).Say(connection, options.Connection.Database, interruption.Token);
            ScanCommand scan = new(options.Scan, connection, terminal) { Pause = options.Interval };
            scan.Run(options.Format(terminal), interruption.Token);
        }
        catch (OperationCanceledException)
        {
            return ToolException.Failed;
        }
        return 0;
    }

    private static int RunOne(CliOptions options, Terminal terminal, CliSession session)
    {
        List<byte[]> words = [.. options.Command.Select(Encoding.UTF8.GetBytes)];
        if (options.ReadsLastArgument)
        {
            using MemoryStream argument = new();
            terminal.Input.CopyTo(argument);
            words.Add(argument.ToArray());
        }
        using Interruption interruption = Interruption.OfProcess();
        try
        {
            session.Run(words, options.Repeat, interruption.Token);
            session.Listen(static () => false, interruption.Token);
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
        return session.HasFailed && options.FailsOnError ? ToolException.Failed : 0;
    }

    /// <summary>Runs the lines of a file; a line that cannot be run does not keep the others from it.</summary>
    private static int RunLines(CliOptions options, Terminal terminal, CliSession session)
    {
        using Interruption interruption = Interruption.OfProcess();
        Prompt prompt = new(terminal, session, new CommandBook());
        try
        {
            foreach (byte[] line in Lines(terminal.Input))
            {
                if (!prompt.Run(line, interruption.Token))
                {
                    break;
                }
            }
            session.Listen(static () => false, interruption.Token);
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
        return prompt.HasFailed || (session.HasFailed && options.FailsOnError) ? ToolException.Failed : 0;
    }

    private static int RunPrompt(Terminal terminal, CliSession session)
    {
        CommandBook book = new();
        History history = new(HistoryPath(terminal));
        history.Load();
        Prompt prompt = new(terminal, session, book);
        ConsoleKeys keys = new();
        LineEditor editor = new(terminal, keys, history, new CommandAid(book));
        prompt.Greet();
        while (true)
        {
            using Interruption interruption = Interruption.OfProcess();
            if (editor.Read(session.Prompt) is not { } line)
            {
                return 0;
            }
            byte[] bytes = Encoding.UTF8.GetBytes(line);
            history.Add(line, Secrets.AreIn(bytes));
            try
            {
                if (!prompt.Run(bytes, interruption.Token))
                {
                    return 0;
                }
                if (session.IsListening)
                {
                    terminal.Write("(messages appear as they come; type a command, or end it by Ctrl-C)\n");
                }
                prompt.Attempt(() => session.Listen(() => keys.IsPressed, interruption.Token));
            }
            catch (OperationCanceledException)
            {
                session.Abandon();
            }
        }
    }

    private static string? HistoryPath(Terminal terminal)
    {
        if (terminal.Variable(HistoryVariable) is { } path)
        {
            return path is "" or "/dev/null" ? null : path;
        }
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length == 0 ? null : Path.Combine(home, HistoryName);
    }

    private static IEnumerable<byte[]> Lines(Stream input)
    {
        using BufferedStream bytes = new(input, 64 * 1024);
        MemoryStream line = new();
        for (int letter = bytes.ReadByte(); letter >= 0; letter = bytes.ReadByte())
        {
            if (letter != '\n')
            {
                line.WriteByte((byte)letter);
                continue;
            }
            yield return line.ToArray();
            line.SetLength(0);
        }
        if (line.Length > 0)
        {
            yield return line.ToArray();
        }
    }
}
