using Bixbite.Scripting.Functions;

namespace Bixbite.Fuzz.Targets;

/// <summary>The first line of a library gives a name that is one, and where the code begins, or says what is wrong.</summary>
internal static class LibraryHeaderTarget
{
    public static void Run(ReadOnlySpan<byte> input)
    {
        string? problem = LibraryHeader.Read(input, out byte[] name, out int size);
        if (problem is null && (!Library.IsName(name) || input[size] != '\n' || input[..size].Contains((byte)'\n')))
        {
            throw new InvalidOperationException("A line that is none was taken.");
        }
    }
}
