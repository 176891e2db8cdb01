using Bixbite.Scripting.Debugging;

namespace Bixbite.Fuzz.Targets;

/// <summary>
/// A client's bytes for the debugger of scripts are read to their end, in pieces, and only words of the right sizes come of it.
/// </summary>
internal static class DebugInputTarget
{
    private const int PieceSize = 7;

    public static IReadOnlyList<byte[]> Seeds { get; } = FuzzTarget.Text(
        "*1\r\n$1\r\ns\r\n*2\r\n$5\r\nprint\r\n$1\r\nx\r\n", "junk*1junk\r\n$1junk\r\nc\r\n", "*1024\r\n$1\r\na\r\n", "*1\r\n$1024\r\n",
        "*1\r\n$-1\r\n", "*99999999999\r\n", "*1\r\n$1\r\nxx\r\n");

    public static void Run(ReadOnlySpan<byte> input)
    {
        var reader = new DebugInput();
        while (!input.IsEmpty)
        {
            int size = Math.Min(PieceSize, input.Length);
            reader.Add(input[..size]);
            input = input[size..];
            while (reader.Read(out string? problem) is { } words)
            {
                bool isSane = problem is null && words.Count is > 0 and <= 1024
                    && words.TrueForAll(static word => word.Length is > 0 and <= 1024);
                if (!isSane)
                {
                    throw new InvalidOperationException($"{words.Count} words were read, {problem}");
                }
            }
        }
    }
}
