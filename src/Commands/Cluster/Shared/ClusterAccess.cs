using Bixbite.Cluster.Document;
using Bixbite.Cluster.Routing;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Structures.Checks;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Cluster.Shared;

/// <summary>The arguments and refusals that commands of clusters share.</summary>
internal static class ClusterAccess
{
    /// <summary>Otherwise answers that there is no cluster.</summary>
    public static bool IsEnabled(CommandContext context, ClusterState cluster)
    {
        if (!cluster.IsEnabled)
        {
            context.Reply.Error(ClusterErrorText.Disabled);
        }
        return cluster.IsEnabled;
    }

    /// <summary>The node of an id; none if it is no member, or the text no id.</summary>
    public static ClusterNode? FindNode(ReadOnlySpan<byte> text, ClusterState cluster) =>
        ClusterId.TryParse(text, out ClusterId id) ? cluster.View.Document.Nodes.GetValueOrDefault(id) : null;

    /// <summary>Reads a slot; otherwise answers the error.</summary>
    public static bool TryReadSlot(CommandContext context, int index, out int slot)
    {
        bool isRead = Integers.TryParse(context[index], out long number) && number is >= 0 and < HashSlot.Count;
        slot = isRead ? (int)number : -1;
        if (!isRead)
        {
            context.Reply.Error(ClusterErrorText.SlotOutOfRange);
        }
        return isRead;
    }
}
