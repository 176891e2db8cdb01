using System.Globalization;
using System.Text;
using Bixbite.Structures.Text;
using Bixbite.Tool.Facts;
using Bixbite.Tool.Terminals;

namespace Bixbite.Tool.Cli;

/// <summary>Runs what is typed: commands for the server, and those few that are the prompt's own.</summary>
internal sealed class Prompt(Terminal terminal, CliSession session, CommandBook book)
{
    /// <summary>Something could not be done; what the server answers with an error was done.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Connects, and says what to try where that fails; the person may go on, as to another server.</summary>
    public void Greet() => Attempt(() => session.Connect(CancellationToken.None));

    /// <summary>Runs a line; false if it asks to end.</summary>
    public bool Run(byte[] line, CancellationToken interruption)
    {
        if (!QuotedWords.TrySplit(line, out List<byte[]> words))
        {
            terminal.Write("Invalid argument(s)\n");
            return true;
        }
        int repeat = TakeRepeat(words);
        if (words.Count == 0)
        {
            return true;
        }
        string[] texts = [.. words.Select(Encoding.UTF8.GetString)];
        switch (texts[0].ToUpperInvariant())
        {
            case "QUIT" or "EXIT":
                return false;
            case "HELP" or "?":
                terminal.Write(book.Help(texts[1..]));
                return true;
            case "CLEAR" when texts.Length == 1:
                terminal.Write("\e[H\e[2J");
                return true;
            case "CONNECT" when texts.Length == 3:
                Attempt(() => session.ConnectTo(texts[1], texts[2], interruption));
                return true;
            default:
                Attempt(() => RunTimed(words, repeat, interruption));
                return true;
        }
    }

    /// <summary>Does something and says what is wrong if it cannot be done.</summary>
    public void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (ToolException exception)
        {
            HasFailed = true;
            terminal.WriteError(exception.Message);
        }
    }

    private void RunTimed(List<byte[]> words, int repeat, CancellationToken interruption)
    {
        long startedMs = Environment.TickCount64;
        session.Run(words, repeat, interruption);
        long tookMs = Environment.TickCount64 - startedMs;
        if (tookMs >= 500 && terminal.IsOutputPerson)
        {
            terminal.Write(string.Create(CultureInfo.InvariantCulture, $"({tookMs / 1000.0:0.00}s)\n"));
        }
    }

    /// <summary>Takes the number off "5 PING".</summary>
    private static int TakeRepeat(List<byte[]> words)
    {
        if (words.Count < 2 || !int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out int repeat) || repeat == 0)
        {
            return 1;
        }
        words.RemoveAt(0);
        return repeat;
    }
}
