using System.Text;
using Bixbite.Engine.Commands;
using Bixbite.Protocol;

namespace Bixbite.Commands.Introspection.Shared;

/// <summary>The words of COMMAND's replies: flags and categories are sets of simple strings, in the order of their tables.</summary>
internal static class CommandText
{
    public static void Flags(ReplyWriter reply, CommandFlags flags)
    {
        int mark = reply.BeginSet();
        int count = 0;
        foreach ((string word, CommandFlags flag) in CommandWords.Flags)
        {
            if ((flags & flag) != 0 && CommandWords.IsShown(flag))
            {
                Simple(reply, word);
                count++;
            }
        }
        reply.EndSet(mark, count);
    }

    public static void Categories(ReplyWriter reply, CommandCategories categories)
    {
        int mark = reply.BeginSet();
        int count = 0;
        foreach ((string word, CommandCategories category) in CommandWords.Categories)
        {
            if ((categories & category) != 0)
            {
                Simple(reply, "@" + word);
                count++;
            }
        }
        reply.EndSet(mark, count);
    }

    public static void KeyFlags(ReplyWriter reply, KeySpecFlags flags)
    {
        int mark = reply.BeginSet();
        int count = 0;
        foreach ((string word, KeySpecFlags flag) in CommandWords.KeyFlags)
        {
            if ((flags & flag) != 0)
            {
                Simple(reply, word);
                count++;
            }
        }
        reply.EndSet(mark, count);
    }

    /// <summary>A set of bulk strings from words between blanks.</summary>
    public static void Words(ReplyWriter reply, string words)
    {
        string[] parts = words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        reply.Set(parts.Length);
        foreach (string part in parts)
        {
            Bulk(reply, part);
        }
    }

    public static void Simple(ReplyWriter reply, string text) => reply.Simple(Encoding.UTF8.GetBytes(text));

    public static void Bulk(ReplyWriter reply, string text) => reply.Bulk(Encoding.UTF8.GetBytes(text));

    /// <summary>A pair of a map; nothing where there is no value. Returns the number of pairs written.</summary>
    public static int Pair(ReplyWriter reply, ReadOnlySpan<byte> name, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return 0;
        }
        reply.Bulk(name);
        Bulk(reply, value);
        return 1;
    }
}
