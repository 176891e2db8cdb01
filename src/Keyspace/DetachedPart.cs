using Bixbite.Types;

namespace Bixbite.Keyspace;

/// <summary>What a value that goes on has given up, such as a consumer group.</summary>
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
