using Bixbite.Structures.Text;

namespace Bixbite.Fuzz.Targets;

/// <summary>Matching ends, and a pattern without wildcards matches itself alone.</summary>
internal static class GlobTarget
{
    public static void Run(ReadOnlySpan<byte> input)
    {
        int separator = Math.Max(input.IndexOf((byte)0), 0);
        ReadOnlySpan<byte> pattern = input[..separator];
        ReadOnlySpan<byte> text = input[separator..];
        bool isMatch = Glob.IsMatch(pattern, text);
        if (Glob.IsLiteral(pattern) && isMatch != pattern.SequenceEqual(text))
        {
            throw new InvalidOperationException("A literal pattern matches something else.");
        }
        if (!text.IsEmpty && !Glob.IsMatch("*"u8, text)) // Redis matches an empty text with an empty pattern alone
        {
            throw new InvalidOperationException("The star misses a text.");
        }
        Glob.IsMatch(pattern, text, ignoreCase: true);
    }
}
