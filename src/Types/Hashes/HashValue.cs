using System.Diagnostics;

namespace Bixbite.Types.Hashes;

public readonly ref struct HashValue
{
    public static bool IsEmptyAt(ulong value) => throw new UnreachableException();
}
