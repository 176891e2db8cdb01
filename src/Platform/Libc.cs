using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bixbite.Platform;

/// <summary>How every kernel call of this project answers: the call's own result, or the negative errno.</summary>
/// <remarks>
/// The imports are blittable, so the compiler emits a direct call and no marshalling stub; errno is read only when a call failed.
/// That is the order in which a generated <c>SetLastError</c> stub reads it too: nothing runs in between.
/// </remarks>
internal static class Libc
{
    internal const string Name = "libc";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Result(int result) => result >= 0 ? result : -Errno.OfSystem(Marshal.GetLastSystemError());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static long Result(long result) => result >= 0 ? result : -Errno.OfSystem(Marshal.GetLastSystemError());

    /// <summary>The same of a call that has a path, whose stub has kept errno.</summary>
    internal static int ResultOfStub(int result) => result >= 0 ? result : -Errno.OfSystem(Marshal.GetLastPInvokeError());
}
