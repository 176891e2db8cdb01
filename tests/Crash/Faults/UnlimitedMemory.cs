using Bixbite.Keyspace;

namespace Bixbite.Crash.Faults;

/// <summary>Memory that is never too much.</summary>
internal sealed class UnlimitedMemory : IMemoryGauge
{
    public long UsedBytes => 0;

    public bool IsOverLimit => false;

    public bool IsLimitHeldByClients => false;

    public bool IsExcusing
    {
        set
        {
        }
    }

    public bool IsOverLimitWith(long added) => false;

    public bool IsOverLimitWithoutData(long added) => false;
}
