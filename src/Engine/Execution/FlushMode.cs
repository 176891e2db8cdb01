using Bixbite.Structures.Text;

namespace Bixbite.Engine.Execution;

/// <summary>ASYNC or SYNC as the last argument, or neither: FLUSHDB, FLUSHALL, SCRIPT FLUSH, FUNCTION FLUSH.</summary>
public static class FlushMode
{
    /// <summary>Reads it; false where something else stands there, or more follows.</summary>
    /// <param name="context">The request.</param>
    /// <param name="index">The place of the argument.</param>
    /// <param name="isLazy">ASYNC; false for SYNC; null where there is no argument.</param>
    public static bool TryRead(CommandContext context, int index, out bool? isLazy)
    {
        isLazy = null;
        if (context.Count == index + 1)
        {
            isLazy = Ascii.EqualsIgnoreCase(context[index], "async"u8) ? true
                : Ascii.EqualsIgnoreCase(context[index], "sync"u8) ? false
                : null;
        }
        return isLazy is not null || context.Count == index;
    }
}
