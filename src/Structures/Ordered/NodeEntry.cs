using Bixbite.Memory;

namespace Bixbite.Structures.Ordered;

/// <summary>One entry of a node, on its way there: an element, or a child.</summary>
internal readonly record struct NodeEntry(uint Word, Link Link, long Weight)
{
    /// <summary>The entry of a node in its parent. Separators mean nothing in weighted trees, whose words are weights.</summary>
    internal static NodeEntry Of(TreeNode node)
    {
        bool isWeighted = node.Header.IsWeighted;
        uint word = isWeighted ? 0 : node.WordAt(0);
        uint tag = isWeighted ? 0 : node.LinkAt(0).Tag;
        return new NodeEntry(word, new Link(node.Address, tag), node.Weight);
    }
}
