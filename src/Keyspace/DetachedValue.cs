using Bixbite.Types;

namespace Bixbite.Keyspace;

/// <summary>The former value of a key that was removed or overwritten: it owns a root block and all behind it.</summary>
internal sealed class DetachedValue(ValueContext context, KeyType type, ulong root) : IDetached
{
    public long Pending { get; private set; } = 1;

    public bool FreeSome(int countMax)
    {
        bool isLeft = context.Types.Collection(type).ReleaseSome(context, root, countMax);
        Pending = isLeft ? 1 : 0;
        return isLeft;
    }
}
