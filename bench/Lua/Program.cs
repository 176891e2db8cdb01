using System.Diagnostics;
using System.Globalization;
using System.Text;
using Bixbite.Lua;
using Bixbite.Lua.Libraries;
using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

// Processor seconds of each program here and in Debian's lua5.1, the better of interleaved rounds, as a Markdown table.
// An argument chooses the programs whose names contain it.
const int Rounds = 5;
Console.WriteLine("| program | ours, s | lua5.1, s | ours / lua5.1 |\n| --- | --: | --: | --: |");
string wanted = args.Length > 0 ? args[0] : "";
foreach ((string name, string source) in Programs.All.Where(program => program.Name.Contains(wanted, StringComparison.Ordinal)))
{
    double ours = double.MaxValue;
    double theirs = double.MaxValue;
    for (int round = 0; round < Rounds; round++)
    {
        ours = Math.Min(ours, RunHere(source));
        theirs = Math.Min(theirs, RunReference(source));
    }
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {ours:F3} | {theirs:F3} | {ours / theirs:F2} |"));
}

static double RunHere(string source)
{
    var machine = new LuaMachine();
    BaseLibrary.Open(machine);
    CoroutineLibrary.Open(machine);
    StringLibrary.Open(machine);
    TableLibrary.Open(machine);
    MathLibrary.Open(machine, new RandomSequence());
    machine.Start(machine.Load(Encoding.Latin1.GetBytes(source), LuaString.Of("=bench")));
    TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
    while (machine.Run(1_000_000) == RunStatus.Suspended)
    {
    }
    return machine.Error.IsNil
        ? (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds
        : throw new InvalidOperationException(machine.Error.ToString());
}

static double RunReference(string source)
{
    string timed = $"local clock = os.clock() do {source} end print(os.clock() - clock)";
    using Process process = Process.Start(new ProcessStartInfo("lua5.1", ["-e", timed]) { RedirectStandardOutput = true })!;
    return double.Parse(process.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
}
