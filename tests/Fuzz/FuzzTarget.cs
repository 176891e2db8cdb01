using System.Text;

namespace Bixbite.Fuzz;

/// <summary>Works on arbitrary bytes; throws if what it tests is wrong, and for no other reason.</summary>
public delegate void FuzzAction(ReadOnlySpan<byte> input);

/// <summary>One thing to fuzz.</summary>
/// <param name="Name">As given on the command line.</param>
/// <param name="Run">Called with mutations of the seeds.</param>
/// <param name="Seeds">Inputs worth mutating; their pieces serve as the dictionary.</param>
/// <param name="SmokeIterations">How many mutations the smoke test runs: about a second's worth.</param>
public sealed record FuzzTarget(string Name, FuzzAction Run, IReadOnlyList<byte[]> Seeds, int SmokeIterations = 20_000)
{
    public override string ToString() => Name;

    /// <summary>Seeds of text, a character for each byte.</summary>
    public static IReadOnlyList<byte[]> Text(params string[] seeds) => [.. seeds.Select(Encoding.Latin1.GetBytes)];
}
