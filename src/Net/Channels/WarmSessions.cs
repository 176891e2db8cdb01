namespace Bixbite.Net.Channels;

/// <summary>
/// The channels of a loop whose sessions keep OpenSSL's record buffers from one call to the next. Making and freeing two of 17 KiB costs as
/// much as encrypting a small record, and keeping them takes 34 KiB of a connection; so those have them that were used lately, and of these
/// a bounded number. Owned by the loop.
/// </summary>
/// <remarks>
/// A clock: the hand goes round, and takes the place of the first that was not used since it came by last.
/// <code>
///   channels | used | - | used | used | - | ...
///                     ^ hand: this one gives back its buffers, and the new one has its place
/// </code>
/// </remarks>
internal sealed class WarmSessions
{
    internal const int CountMax = 256;

    private readonly List<TlsChannel> _channels = [];
    private int _hand;

    internal int Count => _channels.Count;

    /// <summary>A channel is about to be used, and has buffers then.</summary>
    internal void NoteUse(TlsChannel channel)
    {
        WarmMark mark = channel.Warmth;
        if (mark.WasUsed)
        {
            return;
        }
        if (!mark.IsWarm)
        {
            if (_channels.Count >= CountMax)
            {
                Cool(FindUnused());
            }
            _channels.Add(channel);
            mark = WarmMark.At(_channels.Count - 1);
        }
        channel.Warmth = mark with { WasUsed = true };
    }

    /// <summary>The channel is closed.</summary>
    internal void Remove(TlsChannel channel)
    {
        if (!channel.Warmth.IsWarm)
        {
            return;
        }
        int place = channel.Warmth.Place;
        TlsChannel last = _channels[^1];
        _channels[place] = last;
        last.Warmth = WarmMark.At(place) with { WasUsed = last.Warmth.WasUsed };
        _channels.RemoveAt(_channels.Count - 1);
        channel.Warmth = default;
    }

    /// <summary>Now and then: who was not used since the last call gives back its buffers.</summary>
    internal void CoolUnused()
    {
        for (int place = _channels.Count - 1; place >= 0; place--)
        {
            if (!TryForgetUse(_channels[place]))
            {
                Cool(_channels[place]);
            }
        }
    }

    private TlsChannel FindUnused()
    {
        do
        {
            _hand = (_hand + 1) % _channels.Count;
        }
        while (TryForgetUse(_channels[_hand]));
        return _channels[_hand];
    }

    /// <summary>False if it was not used since the last call.</summary>
    private static bool TryForgetUse(TlsChannel channel)
    {
        bool wasUsed = channel.Warmth.WasUsed;
        channel.Warmth = channel.Warmth with { WasUsed = false };
        return wasUsed;
    }

    /// <summary>One in the midst of a record keeps what it needs for that, and comes back when it goes on.</summary>
    private void Cool(TlsChannel channel)
    {
        Remove(channel);
        channel.ReleaseBuffers();
    }
}

/// <summary>A channel's place among <see cref="WarmSessions"/>; none by default.</summary>
internal readonly record struct WarmMark
{
    private readonly int _number;

    private WarmMark(int number) => _number = number;

    internal bool IsWarm => _number > 0;

    internal int Place => _number - 1;

    /// <summary>It was used since somebody looked.</summary>
    internal bool WasUsed { get; init; }

    internal static WarmMark At(int place) => new(place + 1);
}
