using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Types.Lists;

namespace Bixbite.Commands.Lists.Shared;

/// <summary>Shared by the commands that work at a list's ends.</summary>
internal static class ListEnds
{
    public static ReadOnlySpan<byte> PushEvent(ListEnd end) => end == ListEnd.Left ? "lpush"u8 : "rpush"u8;

    public static ReadOnlySpan<byte> PopEvent(ListEnd end) => end == ListEnd.Left ? "lpop"u8 : "rpop"u8;

    public static ReadOnlySpan<byte> PopName(ListEnd end) => end == ListEnd.Left ? "LPOP"u8 : "RPOP"u8;

    /// <summary>Reads the word LEFT or RIGHT.</summary>
    public static ListEnd Read(ref ArgumentReader arguments)
    {
        if (arguments.Match("left"u8))
        {
            return ListEnd.Left;
        }
        if (!arguments.Match("right"u8))
        {
            arguments.Fail(ErrorText.Syntax);
        }
        return ListEnd.Right;
    }
}
