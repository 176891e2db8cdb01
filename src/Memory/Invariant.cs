using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Bixbite.Memory;

/// <summary>
/// Conditions that must hold for the data to stay intact, checked in Release too. Where one does not, the process stops with a line that
/// says what was violated and where: going on would corrupt data.
/// </summary>
public static class Invariant
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Require(
        [DoesNotReturnIf(false)] bool holds,
        string what,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0)
    {
        if (!holds)
        {
            Stop(what, file, line);
        }
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Stop(string what, string file, int line) =>
        Environment.FailFast($"Bixbite invariant violated: {what} ({Path.GetFileName(file)}:{line})");
}
