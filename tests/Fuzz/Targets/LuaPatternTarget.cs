using Bixbite.Lua.Text.Patterns;

namespace Bixbite.Fuzz.Targets;

/// <summary>
/// A search for any pattern in any text ends or can be paused, finds places within the text, and finds the same in small steps.
/// </summary>
internal static class LuaPatternTarget
{
    private const int StepsMax = 20_000;

    public static IReadOnlyList<byte[]> Seeds { get; } = FuzzTarget.Text(
        "(a*(.)%w(%s*))\0hello a b", "^[%a_][%w_]-=%b()$\0x=(1(2))", "%f[%w]%w+%f[%W]()\0THE END", "((a)%2-b?)+\0aabb", "[^]%-a-z]+\0]-A");

    public static void Run(ReadOnlySpan<byte> input)
    {
        int separator = Math.Max(input.IndexOf((byte)0), 0);
        Pattern pattern = Pattern.Compile(input[..separator]);
        ReadOnlySpan<byte> text = input[separator..];
        PatternMatcher matcher = new();
        PatternMatcher slow = new();
        MatchOutcome outcome = Search(matcher, pattern, text, StepsMax);
        if (outcome == MatchOutcome.Paused)
        {
            return;
        }
        MatchOutcome again = Search(slow, pattern, text, 1);
        if (again != outcome || matcher.Error != slow.Error)
        {
            throw new InvalidOperationException($"{outcome}, in small steps {again}.");
        }
        if (outcome != MatchOutcome.Found)
        {
            return;
        }
        bool isWithin = matcher.Start >= 0 && matcher.Start <= matcher.End && matcher.End <= text.Length;
        if (!isWithin || matcher.Start != slow.Start || matcher.End != slow.End)
        {
            throw new InvalidOperationException($"{matcher.Start} to {matcher.End}, in small steps {slow.Start} to {slow.End}.");
        }
        for (int index = 0; index < matcher.Captures.Count; index++)
        {
            if (matcher.Captures.Get(index, matcher.Start, matcher.End, out Range range, out bool _) == PatternError.None)
            {
                range.GetOffsetAndLength(text.Length);
            }
        }
    }

    private static MatchOutcome Search(PatternMatcher matcher, Pattern pattern, ReadOnlySpan<byte> text, int stepsAtOnce)
    {
        matcher.Begin(pattern, 0);
        MatchOutcome outcome = MatchOutcome.Paused;
        for (int done = 0; done < StepsMax && outcome == MatchOutcome.Paused; done += stepsAtOnce)
        {
            int steps = stepsAtOnce;
            outcome = matcher.Run(text, ref steps);
        }
        return outcome;
    }
}
