using System.Runtime.CompilerServices;

namespace Bixbite.Net;

/// <summary>A handler's own words about the requests of a round that it has run for a connection.</summary>
/// <param name="Subject">The handler's own.</param>
/// <param name="RequestCount">How many they are.</param>
/// <param name="RequestSize">Their bytes.</param>
/// <param name="ReplySize">The bytes of their replies, as far as they were made in this round.</param>
public readonly record struct ServedAbout(object Subject, int RequestCount, long RequestSize, long ReplySize);

/// <summary>The requests of a round that were run for a connection, and how long they were in each stage in microseconds.</summary>
public struct ServedRound(in ServedAbout about, long beganUs)
{
    private Times _times;

    public ServedAbout About { get; } = about;

    /// <summary>When the loop knew of their bytes, by the monotonic clock.</summary>
    public long BeganUs { get; } = beganUs;

    public readonly long TotalUs
    {
        get
        {
            long sumUs = 0;
            foreach (int us in _times)
            {
                sumUs += us;
            }
            return sumUs;
        }
    }

    public int this[ServiceStage stage]
    {
        readonly get => _times[(int)stage];
        internal set => _times[(int)stage] = value;
    }

    [InlineArray((int)ServiceStage.Send + 1)]
    private struct Times
    {
        private int _first;
    }
}
