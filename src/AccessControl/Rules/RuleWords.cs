using System.Buffers;
using Bixbite.Structures.Text;

namespace Bixbite.AccessControl.Rules;

/// <summary>Rules as words: how a selector that several words make becomes one rule, and one rule the words of a selector.</summary>
internal static class RuleWords
{
    /// <summary>
    /// Joins the words from one that opens a parenthesis to the next that ends with a closing one. False where none closes it: then
    /// <paramref name="open"/> is the place of the word that opens.
    /// </summary>
    public static bool TryMerge(IReadOnlyList<byte[]> words, out List<byte[]> rules, out int open)
    {
        rules = [];
        open = -1;
        List<byte> selector = [];
        for (int i = 0; i < words.Count; i++)
        {
            byte[] word = words[i];
            bool isOpening = open < 0 && word is [(byte)'(', ..] && word[^1] != ')';
            if (isOpening)
            {
                open = i;
                selector.AddRange(word);
            }
            else if (open < 0)
            {
                rules.Add(word);
            }
            else
            {
                selector.Add((byte)' ');
                selector.AddRange(word);
                if (word is [.., (byte)')'])
                {
                    rules.Add([.. selector]);
                    selector.Clear();
                    open = -1;
                }
            }
        }
        return open < 0;
    }

    /// <summary>
    /// Writes a rule. Within parentheses one that has a quote in it, or would close them, is quoted, so that it is read as it was.
    /// </summary>
    public static void Write(IBufferWriter<byte> text, ReadOnlySpan<byte> sign, ReadOnlySpan<byte> name, bool isNested)
    {
        if (!isNested || !(name.ContainsAny("\"'"u8) || name is [.., (byte)')']))
        {
            text.Write(sign);
            text.Write(name);
            return;
        }
        byte[] rule = [.. sign, .. name];
        byte[] quoted = new byte[Quoted.SizeOf(rule)];
        text.Write(quoted.AsSpan(0, Quoted.Format(rule, quoted)));
    }

    /// <summary>The words between the parentheses of a selector; none where a quote is not closed, as in Redis.</summary>
    public static List<byte[]> Split(ReadOnlySpan<byte> text) => QuotedWords.TrySplit(text, out List<byte[]> words) ? words : [];
}
