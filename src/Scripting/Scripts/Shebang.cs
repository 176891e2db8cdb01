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
        if (Split(source[..size]) is not { Count: > 0 } words)
        {
            return "Invalid engine in script shebang";
        }
        if (words[0] != "#!lua")
        {
            return "Unexpected engine in script shebang: " + words[0];
        }
        foreach (string word in words.Skip(1))
        {
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

    /// <summary>The words of a line; null if its quotes are wrong.</summary>
    private static List<string>? Split(ReadOnlySpan<byte> line)
    {
        List<string> words = [];
        byte[] word = new byte[line.Length];
        QuotedWords reader = new(line);
        while (true)
        {
            switch (reader.Next(word, out int size))
            {
                case QuotedWords.Step.Word:
                    words.Add(Encoding.Latin1.GetString(word.AsSpan(0, size)));
                    break;
                case QuotedWords.Step.End:
                    return words;
                default:
                    return null;
            }
        }
    }

    private static string? AddFlags(string list, ref ScriptFlags flags)
    {
        foreach (string name in list.Length == 0 ? [] : list.Split(','))
        {
            ScriptFlags flag = Named(name);
            if (flag == ScriptFlags.None)
            {
                return name;
            }
            flags |= flag;
        }
        return null;
    }

    private static ScriptFlags Named(string name) => name switch
    {
        "no-writes" => ScriptFlags.NoWrites,
        "allow-oom" => ScriptFlags.AllowOom,
        "allow-stale" => ScriptFlags.AllowStale,
        "no-cluster" => ScriptFlags.NoCluster,
        "allow-cross-slot-keys" => ScriptFlags.AllowCrossSlotKeys,
        _ => ScriptFlags.None,
    };
}
