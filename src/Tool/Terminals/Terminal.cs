using System.Text;
using Spectre.Console;

namespace Bixbite.Tool.Terminals;

/// <summary>
/// The three streams of a process, whether a person sits at them, and its environment. Tests give streams of their own, so the whole tool
/// runs within their process.
/// </summary>
public sealed class Terminal(Stream input, Stream output, Stream error)
{
    /// <summary>Of terminals that do not tell theirs.</summary>
    private const int UsualWidth = 80;

    private readonly Lock _outputTurn = new();

    /// <summary>The process' own.</summary>
    public static Terminal OfProcess()
    {
        bool isOutputPerson = !Console.IsOutputRedirected;
        return new Terminal(Console.OpenStandardInput(), Console.OpenStandardOutput(), Console.OpenStandardError())
        {
            IsInputPerson = !Console.IsInputRedirected,
            IsOutputPerson = isOutputPerson,
            HasColors = isOutputPerson && AnsiConsole.Profile.Capabilities.ColorSystem != ColorSystem.NoColors,
            Width = () => isOutputPerson && Console.WindowWidth is > 0 and var width ? width : UsualWidth,
        };
    }

    public Stream Input => input;

    /// <summary>Somebody types what is read.</summary>
    public bool IsInputPerson { get; init; }

    /// <summary>Somebody reads what is written: it may be coloured and change its place.</summary>
    public bool IsOutputPerson { get; init; }

    public bool HasColors { get; init; }

    /// <summary>How many columns a line has.</summary>
    public Func<int> Width { get; init; } = static () => UsualWidth;

    /// <summary>A variable of the environment, or null.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    public void Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_outputTurn)
        {
            output.Write(bytes);
            output.Flush();
        }
    }

    /// <summary>Writes a line to the error stream.</summary>
    public void WriteError(string line)
    {
        error.Write(Encoding.UTF8.GetBytes(line + "\n"));
        error.Flush();
    }

    /// <summary>For what is drawn over and over again where a person sits.</summary>
    public IAnsiConsole Drawing()
    {
        StreamWriter writer = new(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { AutoFlush = true };
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = HasColors ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = HasColors ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = IsOutputPerson ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = Width();
        return console;
    }
}
