using Bixbite.Engine.Sessions;

namespace Bixbite.Engine.Observability;

/// <summary>
/// The logs of COMMANDLOG: commands that took long, that came with a large request, that gave a large reply. SLOWLOG shows the first.
/// A command that concerns none of them costs three comparisons.
/// </summary>
public sealed class CommandLogs
{
    private const long SlowUs = 10_000;
    private const long LargeSize = 1 << 20;

    private long _slowLimit;
    private long _requestLimit;
    private long _replyLimit;

    public CommandLogs()
    {
        Slow = new CommandLog(SlowUs, ReadLimits);
        LargeRequests = new CommandLog(LargeSize, ReadLimits);
        LargeReplies = new CommandLog(LargeSize, ReadLimits);
        ReadLimits();
    }

    /// <summary>By microseconds.</summary>
    public CommandLog Slow { get; }

    /// <summary>By the bytes that the request took on its way here.</summary>
    public CommandLog LargeRequests { get; }

    /// <summary>By the bytes of the reply.</summary>
    public CommandLog LargeReplies { get; }

    /// <summary>Whether a command may belong into one of them. Of its request's size a bound is enough.</summary>
    internal bool MayKeep(long durationUs, in MessageSizes sizes) =>
        durationUs > _slowLimit || sizes.RequestMax > _requestLimit || sizes.Reply > _replyLimit;

    /// <summary>Keeps the command in those into which it belongs.</summary>
    internal void Keep(Session session, in LoggedRequest request, long durationUs, in MessageSizes sizes, long unixSeconds)
    {
        if (durationUs > _slowLimit)
        {
            Add(Slow, durationUs, session, request, unixSeconds);
        }
        if (sizes.RequestMax > _requestLimit && request.MessageSize is var size && size > _requestLimit)
        {
            Add(LargeRequests, size, session, request, unixSeconds);
        }
        if (sizes.Reply > _replyLimit)
        {
            Add(LargeReplies, sizes.Reply, session, request, unixSeconds);
        }
    }

    private static void Add(CommandLog log, long value, Session session, in LoggedRequest request, long unixSeconds) =>
        log.Add(request, unixSeconds, value, session.Link.PeerAddress, session.Identity.Name);

    private void ReadLimits()
    {
        _slowLimit = Slow?.Limit ?? long.MaxValue;
        _requestLimit = LargeRequests?.Limit ?? long.MaxValue;
        _replyLimit = LargeReplies?.Limit ?? long.MaxValue;
    }
}
