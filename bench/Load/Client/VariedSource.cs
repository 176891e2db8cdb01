using System.Globalization;
using System.Text;

namespace Bixbite.Load.Client;

/// <summary>
/// Commands that name a number each and may hold a text of varied size, which begins with the number and follows from it:
/// <code>
///   HSET hash:#/8 field:#%8 ~
/// </code>
/// <c>#</c> at a word's end is the number in eight digits, <c>#/8</c> a part of it, <c>#%8</c> the rest of that part; <c>~</c> is the text.
/// </summary>
/// <param name="pattern">The words.</param>
/// <param name="sizeMax">The longest text; small sizes are as frequent as large ones.</param>
/// <param name="order">The number of each step; without it the step itself.</param>
/// <param name="round">In another round the texts have other sizes.</param>
internal sealed class VariedSource(string pattern, int sizeMax, int[]? order = null, int round = 0) : ICommandSource
{
    private const int DigitCount = 8;
    private const int SizeMin = 8;
    private const double Golden = 0.6180339887498949;

    private readonly Word[] _words = [.. pattern.Split(' ').Select(Word.Parse)];
    private readonly byte[] _header = Encoding.ASCII.GetBytes($"*{pattern.Split(' ').Length}\r\n");
    private readonly byte[] _text = [.. Enumerable.Repeat((byte)'v', sizeMax)];

    public int Write(Span<byte> target, int step)
    {
        int number = order is null ? step : order[step];
        RequestText request = new(target);
        request.Raw(_header);
        foreach (Word word in _words)
        {
            if (word.IsText)
            {
                request.Bulk(TextOf(number));
            }
            else if (word.HasNumber)
            {
                request.Bulk(word.Prefix, number / word.Divisor % word.Modulus, DigitCount);
            }
            else
            {
                request.Bulk(word.Prefix);
            }
        }

        return request.Size;
    }

    private ReadOnlySpan<byte> TextOf(int number)
    {
        double share = ((number * Golden) + (round * 0.37)) % 1;
        int size = (int)(SizeMin * Math.Pow((double)sizeMax / SizeMin, share));
        for (int i = DigitCount - 1, rest = number; i >= 0; i--)
        {
            (rest, int digit) = Math.DivRem(rest, 10);
            _text[i] = (byte)('0' + digit);
        }

        return _text.AsSpan(0, size);
    }

    private readonly record struct Word(byte[] Prefix, bool IsText, bool HasNumber, int Divisor, int Modulus)
    {
        public static Word Parse(string word)
        {
            int hole = word.IndexOf('#');
            byte[] prefix = Encoding.ASCII.GetBytes(hole < 0 ? word : word[..hole]);
            string rule = hole < 0 ? "" : word[(hole + 1)..];
            int number = rule.Length > 0 ? int.Parse(rule[1..], CultureInfo.InvariantCulture) : 1;
            return new Word(
                prefix, word == "~", hole >= 0, rule.StartsWith('/') ? number : 1, rule.StartsWith('%') ? number : int.MaxValue);
        }
    }
}
