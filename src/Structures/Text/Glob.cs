namespace Bixbite.Structures.Text;

/// <summary>
/// Glob patterns as KEYS, SCAN, PSUBSCRIBE and ACL rules know them: <c>*</c> any bytes, <c>?</c> one byte, <c>[abc]</c>,
/// <c>[^abc]</c>, <c>[a-z]</c> (either order) one byte of a class, <c>\x</c> the byte x itself. Oddities are kept: an
/// unclosed class ends with the pattern, bytes in ranges compare as signed, and nothing but the empty pattern matches
/// the empty text.
/// <para>
/// Only the last star passed needs to be remembered: if what follows it matches nowhere in the rest of the text, letting
/// an earlier star take more leaves even less text for it. So the cost is at most pattern times text, never exponential.
/// </para>
/// </summary>
public static class Glob
{
    /// <summary>A pattern with more stars than this one after the other matches nothing.</summary>
    public const int StarsMax = 1000;

    public static bool IsMatch(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text, bool ignoreCase = false)
    {
        int p = 0;
        int t = 0;
        int starPattern = -1;
        int starText = 0;
        int starCount = 0;

        while (p < pattern.Length && t < text.Length)
        {
            if (pattern[p] == '*')
            {
                p = SkipStars(pattern, p);
                if (p == pattern.Length)
                {
                    return true;
                }
                if (++starCount > StarsMax)
                {
                    return false;
                }
                starPattern = p;
                starText = t;
            }
            else if (MatchOne(pattern, ref p, text[t], ignoreCase))
            {
                t++;
                // A later start would leave less text for the same elements: no use in going back to the star.
                if (t == text.Length)
                {
                    return SkipStars(pattern, p) == pattern.Length;
                }
                if (p < pattern.Length)
                {
                    continue;
                }
                if (starPattern < 0)
                {
                    return false;
                }
                starText++;
            }
            else if (starPattern < 0)
            {
                return false;
            }
            else
            {
                starText++;
            }

            // What follows the star starts here, or at the next place that has its first byte.
            p = starPattern;
            t = starText;
            if (!ignoreCase && !IsSpecial(pattern[p]))
            {
                int distance = text[t..].IndexOf(pattern[p]);
                if (distance < 0)
                {
                    return false;
                }
                t += distance;
                starText = t;
            }
        }
        return p == pattern.Length && t == text.Length;
    }

    /// <summary>Whether the pattern has no special byte, so that it matches one text only: itself.</summary>
    public static bool IsLiteral(ReadOnlySpan<byte> pattern) => !pattern.ContainsAny("*?[\\"u8);

    private static bool IsSpecial(byte element) => element is (byte)'*' or (byte)'?' or (byte)'[' or (byte)'\\';

    private static int SkipStars(ReadOnlySpan<byte> pattern, int p)
    {
        while (p < pattern.Length && pattern[p] == '*')
        {
            p++;
        }
        return p;
    }

    /// <summary>Matches one byte of text against the element at p and moves p behind that element.</summary>
    private static bool MatchOne(ReadOnlySpan<byte> pattern, ref int p, byte letter, bool ignoreCase)
    {
        byte wanted = pattern[p++];
        if (wanted == letter && !IsSpecial(wanted))
        {
            return true;
        }
        switch (wanted)
        {
            case (byte)'?':
                return true;
            case (byte)'[':
                return MatchClass(pattern, ref p, letter, ignoreCase);
            case (byte)'\\' when p < pattern.Length:
                wanted = pattern[p++];
                break;
        }
        return wanted == letter || (ignoreCase && Ascii.ToLower(wanted) == Ascii.ToLower(letter));
    }

    private static bool MatchClass(ReadOnlySpan<byte> pattern, ref int p, byte letter, bool ignoreCase)
    {
        bool isNegated = p < pattern.Length && pattern[p] == '^';
        if (isNegated)
        {
            p++;
        }
        byte folded = ignoreCase ? Ascii.ToLower(letter) : letter;
        bool isMember = false;
        for (; p < pattern.Length && pattern[p] != ']'; p++)
        {
            byte member = pattern[p];
            if (member == '\\' && p + 1 < pattern.Length)
            {
                // An escaped member keeps its case even where case is ignored, as in Redis.
                isMember |= pattern[++p] == letter;
            }
            else if (p + 2 < pattern.Length && pattern[p + 1] == '-')
            {
                isMember |= IsInRange(member, pattern[p + 2], folded, ignoreCase);
                p += 2;
            }
            else
            {
                isMember |= (ignoreCase ? Ascii.ToLower(member) : member) == folded;
            }
        }
        if (p < pattern.Length)
        {
            p++;
        }
        return isMember != isNegated;
    }

    private static bool IsInRange(byte first, byte last, byte letter, bool ignoreCase)
    {
        // The ends are put in order before their case is folded: [Z-a] without case is the range z to a, which is empty.
        if ((sbyte)first > (sbyte)last)
        {
            (first, last) = (last, first);
        }
        if (ignoreCase)
        {
            (first, last) = (Ascii.ToLower(first), Ascii.ToLower(last));
        }
        return (sbyte)letter >= (sbyte)first && (sbyte)letter <= (sbyte)last;
    }
}
