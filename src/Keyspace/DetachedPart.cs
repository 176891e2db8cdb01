using Bixbite.Types;

namespace Bixbite.Keyspace;

/// <summary>A part that a value has given up and goes on without, such as a consumer group.</summary>
internal sealed class DetachedPart(PartRelease release) : IDetached
{
    public long Pending { get; private set; } = 1;

    public bool FreeSome(int countMax)
    {
        bool isLeft = release(countMax);
        Pending = isLeft ? 1 : 0;
        return isLeft;
    }
}
