using System.Text;
using Bixbite.Structures.Text;

namespace Bixbite.Scripting.Scripts;

/// <summary>Reads the first line of a script, if it is one of flags.</summary>
internal static class Shebang
{
    private const string FlagsOption = "flags=";

    /// <summary>Reads the flags.</summary>
    /// <param name="source">A script.</param>
    /// <param name="flags">Its flags.</param>
    /// <param name="size">The bytes of the line without its end; 0 where there is none.</param>
    /// <returns>What is wrong with the line, or null.</returns>
    public static string? Read(ReadOnlySpan<byte> source, out ScriptFlags flags, out int size)
    {
        flags = ScriptFlags.Undeclared;
        size = 0;
        if (!source.StartsWith("#!"u8))
        {
            return null;
        }
        size = source.IndexOf((byte)'\n');
        if (size < 0)
        {
            return "Invalid script shebang";
        }
        flags = ScriptFlags.None;
        if (!QuotedWords.TrySplit(source[..size], out List<byte[]> words) || words.Count == 0)
        {
            return "Invalid engine in script shebang";
        }
        if (!words[0].AsSpan().SequenceEqual("#!lua"u8))
        {
            return "Unexpected engine in script shebang: " + Encoding.Latin1.GetString(words[0]);
        }
        for (int i = 1; i < words.Count; i++)
        {
            string word = Encoding.Latin1.GetString(words[i]);
            if (!word.StartsWith(FlagsOption, StringComparison.Ordinal))
            {
                return "Unknown lua shebang option: " + word;
            }
            if (AddFlags(word[FlagsOption.Length..], ref flags) is { } unknown)
            {
                return "Unexpected flag in script shebang: " + unknown;
            }
        }
        return null;
    }

    private static string? AddFlags(string list, ref ScriptFlags flags)
    {
        foreach (string name in list.Length == 0 ? [] : list.Split(','))
        {
            ScriptFlags flag = ScriptFlagNames.Find(Encoding.Latin1.GetBytes(name), ignoresCase: false);
            if (flag == ScriptFlags.None)
            {
                return name;
            }
            flags |= flag;
        }
        return null;
    }
}
