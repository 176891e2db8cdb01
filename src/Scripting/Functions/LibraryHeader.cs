using System.Text;
using Bixbite.Structures.Text;

namespace Bixbite.Scripting.Functions;

/// <summary>
/// The first line of a library: <c>#!lua name=mylib</c>. The line's end belongs to the code, so that lines are counted from it.
/// </summary>
internal static class LibraryHeader
{
    public const string NameRule =
        "Library names can only contain letters, numbers, or underscores(_) and must be at least one character long";

    private const string NameOption = "name=";
    private const string Engine = "lua";

    /// <param name="source">A library.</param>
    /// <param name="name">Its name.</param>
    /// <param name="size">The bytes of the line without its end.</param>
    /// <returns>What is wrong with the line, or null.</returns>
    public static string? Read(ReadOnlySpan<byte> source, out byte[] name, out int size)
    {
        name = [];
        size = 0;
        if (!source.StartsWith("#!"u8))
        {
            return "Missing library metadata";
        }
        size = source.IndexOfAny((byte)'\n', (byte)0);
        if (size < 0 || source[size] == 0)
        {
            return "Invalid library metadata";
        }
        var words = new QuotedWords(source[..size]);
        byte[] word = new byte[size];
        if (words.Next(word, out int length) != QuotedWords.Step.Word)
        {
            return "Invalid library metadata";
        }
        string engine = Text(word, 2, length);
        if (ReadOptions(ref words, word, out byte[]? given) is { } problem)
        {
            return problem;
        }
        if (given is null)
        {
            return "Library name was not given";
        }
        name = given;
        return !Library.IsName(name) ? NameRule
            : !engine.Equals(Engine, StringComparison.OrdinalIgnoreCase) ? $"Engine '{engine}' not found"
            : null;
    }

    /// <summary>Reads to the line's end: a quote that is wrong there comes before all else.</summary>
    private static string? ReadOptions(ref QuotedWords words, byte[] word, out byte[]? name)
    {
        name = null;
        string? problem = null;
        while (true)
        {
            switch (words.Next(word, out int length))
            {
                case QuotedWords.Step.End:
                    return problem;
                case QuotedWords.Step.Unbalanced:
                    return "Invalid library metadata";
            }
            string option = Text(word, 0, length);
            if (!option.StartsWith(NameOption, StringComparison.OrdinalIgnoreCase))
            {
                problem ??= $"Invalid metadata value given: {option}";
            }
            else if (name is not null)
            {
                problem ??= "Invalid metadata value, name argument was given multiple times";
            }
            else
            {
                name = word[NameOption.Length..length];
            }
        }
    }

    private static string Text(byte[] word, int start, int end) => end <= start ? "" : Encoding.Latin1.GetString(word, start, end - start);
}
