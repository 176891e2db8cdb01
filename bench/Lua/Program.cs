using System.Diagnostics;
using System.Globalization;
using System.Text;
using Bixbite.Lua;
using Bixbite.Lua.Extensions;
using Bixbite.Lua.Libraries;
using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

// Processor seconds of each program here and in scripts of redis-server, the best of interleaved rounds, as a Markdown table.
// The first argument chooses the programs whose names contain it, the second says how many rounds; "here" as the
// third leaves redis-server out.
// "steps" as the first argument prints instead how long slices of programs take that last long.
if (args is ["steps", ..])
{
    LongestSteps.Print(args.Length > 1 ? args[1] : "");
    return;
}
string wanted = args.Length > 0 ? args[0] : "";
int rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5;
using RedisScripts? redis = args.Length > 2 ? null : new RedisScripts();
Console.WriteLine("| program | here, s | redis-server, s | speed, redis-server = 1 |\n| --- | --: | --: | --: |");
foreach ((string name, string source) in Programs.All.Where(program => program.Name.Contains(wanted, StringComparison.Ordinal)))
{
    double ours = double.MaxValue;
    double theirs = redis is null ? 0 : double.MaxValue;
    for (int round = 0; round < rounds; round++)
    {
        ours = Math.Min(ours, RunHere(source));
        theirs = Math.Min(theirs, redis?.Run(source) ?? 0);
    }
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {ours:F3} | {theirs:F3} | {theirs / ours:F2} |"));
}

static double RunHere(string source)
{
    var machine = new LuaMachine();
    BaseLibrary.Open(machine);
    CoroutineLibrary.Open(machine);
    StringLibrary.Open(machine);
    TableLibrary.Open(machine);
    MathLibrary.Open(machine, new RandomSequence());
    JsonLibrary.Open(machine);
    MessagePackLibrary.Open(machine);
    machine.Start(machine.Load(Encoding.Latin1.GetBytes(source), LuaString.Of("=bench")));
    TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
    while (machine.Run(1_000_000) == RunStatus.Suspended)
    {
    }
    return machine.Error.IsNil
        ? (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds
        : throw new InvalidOperationException(machine.Error.ToString());
}
