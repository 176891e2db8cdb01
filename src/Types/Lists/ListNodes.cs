using Bixbite.Structures.Ordered;

namespace Bixbite.Types.Lists;

/// <summary>The inner nodes of a list in its tree: each weighs as many elements as it holds.</summary>
internal readonly struct ListNodes : ITreeEntries
{
    public static bool IsWeighted => true;
}
