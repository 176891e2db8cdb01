using Bixbite.Cluster.Document;

namespace Bixbite.Cluster.Routing;

/// <summary>Where a request belongs.</summary>
/// <param name="Kind">Whether it runs here, or why not.</param>
/// <param name="Slot">The slot of its keys; -1 where it has none.</param>
/// <param name="Node">The node to turn to, if there is one.</param>
internal readonly record struct Route(RouteKind Kind, int Slot, ClusterNode? Node)
{
    public static Route Here => new(RouteKind.Here, -1, null);
}

/// <summary>The decision on a request.</summary>
internal enum RouteKind
{
    Here,
    Moved,

    /// <summary>This one request belongs to the node to which the slot is about to go.</summary>
    Ask,
    CrossSlot,

    /// <summary>Some of its keys are here, and some are not.</summary>
    TryAgain,
    Down,
    DownForWrites,
    NotServed,
}
