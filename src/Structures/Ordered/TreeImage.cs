using System.Diagnostics;

namespace Bixbite.Structures.Ordered;

/// <summary>
/// The elements of a tree as they stood at one moment, in order, for a reader who takes his time while the tree goes on changing. To make
/// one takes no time: a node is noted, which means that its children are copied, before it changes or when the reader comes to it. A node
/// that is not noted is still in the tree as it was, and so is all below it.
/// <code>
///   top            | noted |                    taken &lt;-- reader
///                  /   |    \
///   inner    | noted | tree | tree |            the address of a node that is looked up before a change
///             /    \
///   leaf  | noted | tree |                      elements, each awaited until it is taken
/// </code>
/// Whoever changes the tree tells the image before; elements that are freed meanwhile are the caller's to keep. The tree may be given up
/// as a whole once nobody reads the image.
/// </summary>
public sealed class TreeImage
{
    /// <summary>Nodes that are still in the tree as they were, as far as their parents are noted.</summary>
    private readonly Dictionary<ulong, Part> _unnoted = [];

    /// <summary>Elements that are noted and not taken.</summary>
    private readonly HashSet<ulong> _awaited = [];

    /// <summary>The parts that the reader is in, the innermost on top.</summary>
    private readonly Stack<Part> _path = new();

    internal TreeImage(TreeNode top)
    {
        if (!top.IsNone)
        {
            _path.Push(Track(top.Address));
        }
    }

    /// <summary>Nodes and elements that it knows of beside the tree, which is what it takes memory by.</summary>
    public long KnownCount => _unnoted.Count + _awaited.Count;

    /// <summary>Whether this element was there, and is neither taken nor still to be noted.</summary>
    public bool IsAwaited(ulong element) => _awaited.Contains(element);

    /// <summary>The element whose turn it is; false after the last one.</summary>
    public bool TryPeek(out ulong element)
    {
        while (_path.TryPeek(out Part? part))
        {
            Note(part);
            if (part.Position == part.Children!.Length)
            {
                _path.Pop();
                continue;
            }
            element = part.Children[part.Position];
            if (part.Parts is null)
            {
                return true;
            }
            _path.Push(part.Parts[part.Position]);
            part.Parts[part.Position] = null!;
            part.Position++;
        }
        element = 0;
        return false;
    }

    /// <summary>Takes the element whose turn it was.</summary>
    public void Advance()
    {
        Part leaf = _path.Peek();
        bool wasAwaited = _awaited.Remove(leaf.Children![leaf.Position]);
        Debug.Assert(wasAwaited && leaf.Parts is null, "An element is taken once, after it was looked at.");
        leaf.Position++;
    }

    /// <summary>To be called before the element at the cursor becomes another one.</summary>
    public void BeforeChange(in TreeCursor at) => NoteDownTo(at, withSiblings: false);

    /// <summary>To be called before an entry is added before the cursor's one, or behind it, or that one is removed.</summary>
    public void BeforeReshaping(in TreeCursor at) => NoteDownTo(at, withSiblings: true);

    private void NoteDownTo(in TreeCursor at, bool withSiblings)
    {
        if (_unnoted.Count > 0 && !at.IsNone)
        {
            NoteDownTo(new TreeNode(at.Node), withSiblings);
        }
    }

    /// <summary>Notes all nodes above and this one, from the top on, since a node is known once its parent is noted.</summary>
    private void NoteDownTo(TreeNode node, bool withSiblings)
    {
        TreeNode parent = node.Parent;
        if (!parent.IsNone)
        {
            NoteDownTo(parent, withSiblings);
        }
        if (withSiblings && !parent.IsNone)
        {
            int position = parent.PositionOf(node);
            NoteIfKnown(position > 0 ? parent.ChildAt(position - 1).Address : 0);
            NoteIfKnown(position + 1 < parent.Count ? parent.ChildAt(position + 1).Address : 0);
        }
        NoteIfKnown(node.Address);
    }

    private void NoteIfKnown(ulong node)
    {
        if (_unnoted.TryGetValue(node, out Part? part))
        {
            Note(part);
        }
    }

    private Part Track(ulong node)
    {
        var part = new Part(node);
        _unnoted.Add(node, part);
        return part;
    }

    private void Note(Part part)
    {
        if (part.Children is not null)
        {
            return;
        }
        var node = new TreeNode(part.Node);
        _unnoted.Remove(part.Node);
        part.Children = new ulong[node.Count];
        part.Parts = node.IsLeaf ? null : new Part[node.Count];
        for (int i = 0; i < part.Children.Length; i++)
        {
            ulong child = node.LinkAt(i).Address;
            part.Children[i] = child;
            if (part.Parts is null)
            {
                _awaited.Add(child);
            }
            else
            {
                part.Parts[i] = Track(child);
            }
        }
    }

    /// <summary>A node as it was: in the tree until it is noted.</summary>
    private sealed class Part(ulong node)
    {
        public ulong Node => node;

        /// <summary>Addresses of nodes or elements; null until it is noted.</summary>
        public ulong[]? Children { get; set; }

        /// <summary>The nodes among them that are not taken; null in a leaf.</summary>
        public Part[]? Parts { get; set; }

        /// <summary>The child that is taken next.</summary>
        public int Position { get; set; }
    }
}
