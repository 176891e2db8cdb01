using System.Globalization;
using SharpFuzz;
using Xunit.MicrosoftTestingPlatform;

namespace Bixbite.Fuzz;

/// <summary>
/// Without arguments of its own: the smoke tests. Else:
///
///   --list                                          the targets
///   --target NAME [--seconds N] [--seed N]          mutate for that long; prints the seed first
///   --replay NAME FILE                              one input from a file
///   --afl NAME                                      one process under afl-fuzz, instrumented by the sharpfuzz tool
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        string[] known = ["--list", "--target", "--replay", "--afl"];
        string? mode = arguments.FirstOrDefault(argument => known.Contains(argument));
        if (mode is null)
        {
            return await TestPlatformTestFramework.RunAsync(arguments, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
        }
        if (mode == "--list")
        {
            foreach (FuzzTarget one in FuzzTargets.All)
            {
                Console.WriteLine(one.Name);
            }
            return 0;
        }

        string? name = Value(arguments, mode);
        FuzzTarget? target = name is null ? null : FuzzTargets.Find(name);
        if (target is null)
        {
            await Console.Error.WriteLineAsync($"No target '{name}': see --list.");
            return 2;
        }

        switch (mode)
        {
            case "--replay":
                target.Run(await File.ReadAllBytesAsync(arguments[^1]));
                Console.WriteLine("passed");
                return 0;
            case "--afl":
                Fuzzer.OutOfProcess.Run(stream => target.Run(ReadAll(stream)));
                return 0;
            default:
                return Mutate(target, Number(arguments, "--seconds", 60), Number(arguments, "--seed", Environment.TickCount));
        }
    }

    private static int Mutate(FuzzTarget target, int seconds, int seed)
    {
        Console.WriteLine($"{target.Name}: --seed {seed}, {seconds} s");
        FuzzFailure? failure = FuzzLoop.Run(target, seed, long.MaxValue, TimeSpan.FromSeconds(seconds));
        if (failure is null)
        {
            Console.WriteLine("passed");
            return 0;
        }

        string file = $"fuzz-{target.Name}-{seed}.bin";
        File.WriteAllBytes(file, failure.Input);
        Console.WriteLine($"{failure}\nkept in {file}");
        return 1;
    }

    private static byte[] ReadAll(Stream stream)
    {
        using MemoryStream copy = new();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private static string? Value(string[] arguments, string name)
    {
        int index = Array.IndexOf(arguments, name);
        return index >= 0 && index + 1 < arguments.Length ? arguments[index + 1] : null;
    }

    private static int Number(string[] arguments, string name, int fallback) =>
        Value(arguments, name) is string text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;
}
