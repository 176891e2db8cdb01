namespace Bixbite.Net.Channels;

/// <summary>Events that other threads note for a channel's user: one post for all that happen until the loop looks.</summary>
internal sealed class PostedEvents
{
    private readonly Action _tell;
    private IChannelUser? _user;
    private int _events;

    internal PostedEvents() => _tell = Tell;

    /// <summary>Whom they are told. What has come before is told with the next <see cref="Post"/>.</summary>
    internal IChannelUser User
    {
        set => Volatile.Write(ref _user, value);
    }

    /// <summary>Notes events, and posts if nothing was noted before. Any thread.</summary>
    /// <param name="events">What has happened.</param>
    /// <param name="mayRun">As in <see cref="IChannelUser.Post"/>.</param>
    internal void Signal(ChannelEvents events, bool mayRun = false)
    {
        if (Interlocked.Or(ref _events, (int)events) == 0)
        {
            Volatile.Read(ref _user)?.Post(_tell, mayRun);
        }
    }

    /// <summary>The same, and posts whatever was noted before: nobody may have been told of that.</summary>
    internal void Post(ChannelEvents events)
    {
        Interlocked.Or(ref _events, (int)events);
        _user!.Post(_tell);
    }

    private void Tell() => _user!.Note((ChannelEvents)Interlocked.Exchange(ref _events, 0));
}
