using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Scripting.Shared;

/// <summary>The arguments of EVAL and FCALL: what runs, how many keys there are, the keys, and the rest.</summary>
internal static class KeyCount
{
    /// <summary>The place of the first key.</summary>
    public const int FirstKey = 3;

    /// <summary>Reads how many of the arguments are keys; otherwise answers the error.</summary>
    /// <param name="context">The request.</param>
    /// <param name="notANumber">The error where that is no number.</param>
    /// <param name="count">The keys.</param>
    public static bool TryRead(CommandContext context, ReadOnlySpan<byte> notANumber, out int count)
    {
        count = 0;
        if (!Integers.TryParse(context[2], out long value))
        {
            context.Reply.Error(notANumber);
        }
        else if (value > context.Count - FirstKey)
        {
            context.Reply.Error(ErrorText.TooFewKeys);
        }
        else if (value < 0)
        {
            context.Reply.Error(ErrorText.NegativeKeyCount);
        }
        else
        {
            count = (int)value;
            return true;
        }
        return false;
    }
}
