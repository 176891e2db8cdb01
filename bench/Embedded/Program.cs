using System.Globalization;
using Bixbite.Embedded;

// Prints what servers within a process cost, a figure a line: its name, a space, the number. The arguments say for how many starts the
// memory is watched, and how many servers live at once.
int startCount = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1000;
int liveCount = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 200;
foreach ((string name, double value) in Costs.Measure(startCount, liveCount))
{
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {value:F3}"));
}
