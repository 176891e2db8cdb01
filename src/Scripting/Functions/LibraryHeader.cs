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
        if (!QuotedWords.TrySplit(source[..size], out List<byte[]> words))
        {
            return "Invalid library metadata";
        }
        string engine = Encoding.Latin1.GetString(words[0].AsSpan(2));
        if (ReadOptions(words, out byte[]? given) is { } problem)
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

    private static string? ReadOptions(List<byte[]> words, out byte[]? name)
    {
        name = null;
        foreach (byte[] word in words.Skip(1))
        {
            string option = Encoding.Latin1.GetString(word);
            if (!option.StartsWith(NameOption, StringComparison.OrdinalIgnoreCase))
            {
                return $"Invalid metadata value given: {option}";
            }
            if (name is not null)
            {
                return "Invalid metadata value, name argument was given multiple times";
            }
            name = word[NameOption.Length..];
        }
        return null;
    }
}
