using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Engine.Execution;

/// <summary>The options of the commands that walk through one collection: MATCH, COUNT, NOVALUES of HSCAN, NOSCORES of ZSCAN.</summary>
public ref struct WalkOptions
{
    private const int DefaultCount = 10;

    private ReadOnlySpan<byte> _pattern;
    private bool _isAny;

    /// <summary>About how many elements a call looks at.</summary>
    public int Count { get; private set; }

    /// <summary>Only the fields or members are wanted.</summary>
    public bool IsWithoutValues { get; private set; }

    /// <summary>Reads the arguments from this position on; on failure answers the error.</summary>
    /// <param name="context">The command's.</param>
    /// <param name="position">Of the first option.</param>
    /// <param name="withoutValues">The option by which only fields or members are wanted; empty where there is none.</param>
    /// <param name="options">The options.</param>
    public static bool TryRead(CommandContext context, int position, ReadOnlySpan<byte> withoutValues, out WalkOptions options)
    {
        options = new WalkOptions { _pattern = "*"u8, Count = DefaultCount };
        var arguments = new ArgumentReader(context, position);
        while (!arguments.IsAtEnd)
        {
            if (arguments.Match("count"u8, valueCount: 1))
            {
                long count = arguments.Integer();
                if (!arguments.HasFailed && count < 1)
                {
                    arguments.Fail(ErrorText.Syntax);
                }
                options.Count = (int)Math.Min(count, int.MaxValue);
            }
            else if (arguments.Match("match"u8, valueCount: 1))
            {
                options._pattern = arguments.Next();
            }
            else if (arguments.Match("novalues"u8))
            {
                options.IsWithoutValues = true;
                if (!withoutValues.SequenceEqual("novalues"u8))
                {
                    arguments.Fail(ErrorText.NoValuesOnlyHScan);
                }
            }
            else if (arguments.Match("noscores"u8))
            {
                options.IsWithoutValues = true;
                if (!withoutValues.SequenceEqual("noscores"u8))
                {
                    arguments.Fail(ErrorText.NoScoresOnlyZScan);
                }
            }
            else
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        options._isAny = options._pattern is [(byte)'*'];
        return !arguments.AnswerFailure();
    }

    public readonly bool Matches(ReadOnlySpan<byte> name) => _isAny || Glob.IsMatch(_pattern, name);
}
