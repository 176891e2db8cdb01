using System.Diagnostics;

namespace Bixbite.Types.Hashes;

internal readonly struct HashRoot : ICollection
{
    public static long CountOf(ValueContext context, ulong root) => throw new UnreachableException();

    public static long SizeOf(ValueContext context, ulong root) => throw new UnreachableException();

    public static ulong Duplicate(ValueContext context, ulong root) => throw new UnreachableException();

    public static bool ReleaseSome(ValueContext context, ulong root, int countMax) => throw new UnreachableException();
}
