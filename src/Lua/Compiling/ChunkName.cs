using System.Text;

namespace Bixbite.Lua.Compiling;

/// <summary>How messages name a chunk.</summary>
public static class ChunkName
{
    /// <summary>Bytes with the terminator in messages of running code, and in those of the compiler.</summary>
    private const int RunningSize = 60;
    private const int CompilingSize = 80;

    /// <summary>In errors of running code.</summary>
    public static string ForRunning(ReadOnlySpan<byte> source) => Of(source, RunningSize);

    /// <summary>In errors of the compiler.</summary>
    public static string ForCompiling(ReadOnlySpan<byte> source) => Of(source, CompilingSize);

    private static string Of(ReadOnlySpan<byte> source, int size)
    {
        int terminator = source.IndexOf((byte)0);
        source = terminator >= 0 ? source[..terminator] : source;
        if (source is [(byte)'=', ..])
        {
            return Text(source[1..Math.Min(source.Length, size)]);
        }
        if (source is [(byte)'@', ..])
        {
            source = source[1..];
            int room = size - " '...' ".Length - 1;
            return source.Length > room ? "..." + Text(source[^room..]) : Text(source);
        }
        int line = source.IndexOfAny((byte)'\n', (byte)'\r');
        int length = line >= 0 ? line : source.Length;
        length = Math.Min(length, size - " [string \"...\"] ".Length - 1);
        return length < source.Length ? $"[string \"{Text(source[..length])}...\"]" : $"[string \"{Text(source)}\"]";
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
