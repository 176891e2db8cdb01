using System.Globalization;
using System.Text;

namespace Bixbite.Load.Client;

/// <summary>
/// Commands written as a text with holes for numbers. A step is one command, or several with ';' between them:
/// <code>
///   HSET hash:{?10000} field:{?20:2} value:{#:10}
/// </code>
/// <list type="bullet">
/// <item><c>{#}</c> the step, <c>{#/10}</c> a part of it, <c>{#%10}</c> the rest of that part;</item>
/// <item><c>{?100}</c> a random number below 100, <c>{?100+900}</c> from 900 on; <c>{=}</c> the same number once more;</item>
/// <item><c>:4</c> behind any of these: in so many digits, with leading zeros; 8 unless told.</item>
/// </list>
/// The request is composed once; a step copies it and fills the holes in. The same numbers are drawn in every run.
/// </summary>
internal sealed class PatternSource : ICommandSource
{
    private const int DigitCount = 8;

    private readonly List<Hole> _holes = [];
    private readonly byte[] _request;
    private ulong _seed;

    public PatternSource(string pattern)
    {
        string[][] commands = [.. pattern.Split(" ; ").Select(command => command.Split(' '))];
        StringBuilder text = new();
        foreach (string[] words in commands)
        {
            text.Append(CultureInfo.InvariantCulture, $"*{words.Length}\r\n");
            foreach (string word in words)
            {
                Append(text, word);
            }
        }

        _request = Encoding.ASCII.GetBytes(text.ToString());
        RepliesPerStep = commands.Length;
    }

    private enum HoleKind
    {
        Step,
        Random,
        Again,
    }

    public int RepliesPerStep { get; }

    public int Write(Span<byte> target, int step)
    {
        _request.CopyTo(target);
        long drawn = 0;
        foreach (Hole hole in _holes)
        {
            if (hole.Kind == HoleKind.Random)
            {
                drawn = hole.Offset + Draw(hole.Modulus);
            }
            long number = hole.Kind == HoleKind.Step ? step / hole.Divisor % hole.Modulus : drawn;
            for (int i = hole.Start + hole.DigitCount - 1; i >= hole.Start; i--)
            {
                (number, long digit) = Math.DivRem(number, 10);
                target[i] = (byte)('0' + digit);
            }
        }

        return _request.Length;
    }

    /// <summary>SplitMix64: a few operations, since the generator must keep ahead of the servers.</summary>
    private long Draw(long limit)
    {
        _seed += 0x9E37_79B9_7F4A_7C15;
        ulong mixed = (_seed ^ (_seed >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return (long)Math.BigMul(mixed ^ (mixed >> 31), (ulong)limit, out _);
    }

    private void Append(StringBuilder text, string word)
    {
        List<Hole> found = [];
        StringBuilder content = new();
        for (int i = 0; i < word.Length; i++)
        {
            if (word[i] != '{')
            {
                content.Append(word[i]);
                continue;
            }

            int end = word.IndexOf('}', i);
            Hole hole = Hole.Parse(word[(i + 1)..end]) with { Start = content.Length };
            content.Append('0', hole.DigitCount);
            found.Add(hole);
            i = end;
        }

        text.Append(CultureInfo.InvariantCulture, $"${content.Length}\r\n");
        _holes.AddRange(found.Select(hole => hole with { Start = hole.Start + text.Length }));
        text.Append(content).Append("\r\n");
    }

    /// <summary>Where a number goes, and which.</summary>
    private readonly record struct Hole(HoleKind Kind, int Start, int DigitCount, long Divisor, long Modulus, long Offset)
    {
        public static Hole Parse(string text)
        {
            string[] parts = text.Split(':');
            Hole hole = new(HoleKind.Step, 0, parts.Length > 1 ? (int)Number(parts[1]) : PatternSource.DigitCount, 1, long.MaxValue, 0);
            string rule = parts[0];
            if (rule == "=")
            {
                return hole with { Kind = HoleKind.Again };
            }
            if (rule[0] == '?')
            {
                string[] sum = rule[1..].Split('+');
                return hole with { Kind = HoleKind.Random, Modulus = Number(sum[0]), Offset = sum.Length > 1 ? Number(sum[1]) : 0 };
            }

            return rule switch
            {
                "#" => hole,
                _ when rule.StartsWith("#/", StringComparison.Ordinal) => hole with { Divisor = Number(rule[2..]) },
                _ when rule.StartsWith("#%", StringComparison.Ordinal) => hole with { Modulus = Number(rule[2..]) },
                _ => throw new FormatException($"not a rule for a number: {{{text}}}"),
            };
        }

        private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
    }
}
