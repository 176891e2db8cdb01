using Bixbite.Engine.Lifecycle;
using Bixbite.Launcher;
using Bixbite.Tool.Benchmarks;
using Bixbite.Tool.Cli;
using Bixbite.Tool.Options;
using Bixbite.Tool.Terminals;

namespace Bixbite.Tool;

/// <summary>
/// The command <c>bixbite</c>: finds who does what was asked for, and turns what goes wrong into a sentence and an exit code.
/// </summary>
public static class ToolProgram
{
    /// <summary>The system's number of the error that the reader of a pipe has gone.</summary>
    private const int BrokenPipe = 32;

    private static readonly string[] s_commands = ["server", "cli", "bench"];

    private const string Help =
        """
        Bixbite, a Redis-compatible in-memory data store.

        Usage: bixbite COMMAND [options]

          server   Runs a server, with every option and configuration file of bixbite-server.
          cli      Talks to a server: a prompt, single commands, commands from a file, searches for large keys.
          bench    Loads a server, and tells how many requests it answers in a second and how long they take.

        'bixbite COMMAND --help' tells the options of a command; 'bixbite --version' the version.

        """;

    /// <summary>Returns the process' exit code.</summary>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        try
        {
            return RunCommand(arguments, terminal);
        }
        catch (ToolException exception)
        {
            terminal.WriteError(exception.Message);
            return exception.ExitCode;
        }
        catch (IOException exception)
        {
            // Whoever reads the output may be gone, as 'head' is after its lines: nobody needs to be told.
            if (exception.HResult != BrokenPipe)
            {
                terminal.WriteError($"The output cannot be written: {exception.Message}");
            }
            return ToolException.Failed;
        }
    }

    private static int RunCommand(IReadOnlyList<string> arguments, Terminal terminal)
    {
        string[] rest = [.. arguments.Skip(1)];
        switch (arguments.Count > 0 ? arguments[0] : "--help")
        {
            case "server":
                return ServerProgram.Run(rest, "bixbite server");
            case "cli":
                return CliCommand.Run(rest, terminal);
            case "bench":
                return BenchCommand.Run(rest, terminal);
            case "--help" or "-h" or "-?" or "help":
                terminal.Write(Help);
                return 0;
            case "--version" or "-v":
                terminal.Write($"bixbite {ServerIdentity.Version} (as Redis {ServerIdentity.RedisVersion})\n");
                return 0;
            case var unknown:
                throw new ToolException(
                    $"There is no command '{unknown}'{Suggestion.Of(unknown, s_commands)}. 'bixbite --help' lists them.",
                    ToolException.Misused);
        }
    }
}
