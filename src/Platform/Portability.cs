using System.Runtime.CompilerServices;

namespace Bixbite.Platform;

/// <summary>
/// Which of the two ways to the system is taken: Linux' own calls, or what .NET offers everywhere. Other systems know the second only; on
/// Linux <c>BIXBITE_PORTABLE=1</c> in the environment takes it, so that it can be tested where the first one is at home.
/// </summary>
public static class Portability
{
    public const string Variable = "BIXBITE_PORTABLE";

    private static readonly bool s_isWanted = Environment.GetEnvironmentVariable(Variable) == "1";

    /// <summary>On other systems a constant for the compiler, which leaves out what only Linux has.</summary>
    public static bool IsOn
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => !OperatingSystem.IsLinux() || s_isWanted;
    }
}
