namespace Bixbite.Engine.Lifecycle;

/// <summary>Makes the cron tick before it would by itself. Whoever runs the cron sets how; until then nothing rings. Any thread.</summary>
public sealed class CronAlarm
{
    /// <summary>Makes the cron tick within so many milliseconds.</summary>
    public Action<long>? Ringing { private get; set; }

    /// <summary>The cron ticks within so many milliseconds.</summary>
    public void RingWithin(long ms) => Ringing?.Invoke(ms);
}
