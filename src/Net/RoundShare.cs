namespace Bixbite.Net;

/// <summary>A connection's part in the round under way: the bytes shown to the handler, and its replies within the loop's output.</summary>
internal struct RoundShare
{
    internal ulong Address;
    internal int Length;
    internal int Consumed;
    internal int ReplyStart;
    internal int ReplyEnd;

    internal readonly int Rest => Length - Consumed;

    internal readonly int ReplySize => ReplyEnd - ReplyStart;
}
