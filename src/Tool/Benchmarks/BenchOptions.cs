using Bixbite.Tool.Connecting;
using Bixbite.Tool.Options;
using Bixbite.Tool.Terminals;

namespace Bixbite.Tool.Benchmarks;

/// <summary>The command line of <c>bixbite bench</c>.</summary>
internal sealed class BenchOptions
{
    public const string Name = "bixbite bench";

    private const string Usage =
        """
        Usage: bixbite bench [options] [command [argument ...]]

        Sends many requests by many connections and tells how many were answered in a second, and how long they took. With a command it is
        sent; '__rand_int__' in it becomes a random number below that of -r, and '__data__' a value. It writes to the database that it
        is given, to keys that begin with 'bench:'.


        """;

    /// <summary>Values that may lie ready to be sent, over all connections.</summary>
    private const long RequestBytesMax = 1L << 30;

    private readonly OptionReader _reader;

    public BenchOptions() => _reader = new OptionReader(
        Name,
        [
            new(["-c"], "number", "Connections (default: 50).", value => ClientCount = Number("-c", value, 10_000)),
            new(["-n"], "number", "Requests of each test (default: 100000).", value => RequestCount = Number("-n", value, int.MaxValue)),
            new(["-P"], "number", "Requests at once on a connection (default: 1).", value => Pipeline = Number("-P", value, 10_000)),
            new(["-d"], "bytes", "The size of values (default: 3).", value => DataSize = Number("-d", value, 64 * 1024 * 1024)),
            new(["-r"], "number", "Keys are drawn from so many (default: 100000).", value => KeyCount = Number("-r", value, int.MaxValue)),
            new(["-t"], "names", "Which tests, between commas (default: all).", value => Tests = value.Split(',')),
            new(["--csv"], "", "Print lines of values between commas.", _ => IsCsv = true),
            new(["--help", "-?"], "", "Show this.", _ => IsHelpWanted = true),
            .. Connection.Declare().Select(option => option.Without("-n", "-t")),
        ]);

    public ConnectionOptions Connection { get; } = new();

    public int ClientCount { get; private set; } = 50;

    public int RequestCount { get; private set; } = 100_000;

    public int Pipeline { get; private set; } = 1;

    public int DataSize { get; private set; } = 3;

    public int KeyCount { get; private set; } = 100_000;

    public string[] Tests { get; private set; } = [];

    public bool IsCsv { get; private set; }

    public bool IsHelpWanted { get; private set; }

    /// <summary>The words of a command of one's own; none for the tests.</summary>
    public string[] Command { get; private set; } = [];

    public string Help => $"{Usage}{_reader.Describe()}\nTests: {string.Join(' ', BenchTests.Names)}\n";

    public void Read(IReadOnlyList<string> arguments, Terminal terminal)
    {
        Command = _reader.Read(arguments);
        long bytes = (long)DataSize * Pipeline * ClientCount;
        if (bytes > RequestBytesMax)
        {
            throw new ToolException(
                $"The requests that go at once would take {bytes / 1024 / 1024} megabytes, "
                + $"and {RequestBytesMax / 1024 / 1024} are allowed: "
                + "give smaller values (-d), fewer at once (-P) or fewer connections (-c).",
                ToolException.Misused);
        }
        Connection.Complete(terminal.Variable);
    }

    private static int Number(string option, string value, int max) => OptionReader.Number(option, value, 1, max);
}
