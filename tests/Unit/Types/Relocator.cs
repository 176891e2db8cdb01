using Bixbite.Memory;
using Bixbite.Types;

namespace Bixbite.Unit.Types;

/// <summary>Moves a collection's blocks in slices, between which a test changes it; under the fence every block moves.</summary>
internal sealed class Relocator(ValueContext context, KeyType type, Random random)
{
    private readonly Evacuation _evacuation = new(context.Heap);
    private RelocationCursor _cursor;

    public long MovedCount => _evacuation.MovedCount;

    public void Step(ValueSlot slot)
    {
        if (slot.Layout != ValueLayout.Root)
        {
            return;
        }
        if (random.Next(8) == 0)
        {
            _evacuation.End();
        }
        _evacuation.Begin();
        _evacuation.Allow(random.Next(200));
        ulong root = slot.Root;
        bool isLeft = context.Types.Collection(type).RelocateSome(context, ref root, ref _cursor, _evacuation);
        ValueSlot.SetRootAt(slot.Address, root);
        if (!isLeft)
        {
            _cursor = default;
        }
    }
}
