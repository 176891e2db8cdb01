using System.Diagnostics.CodeAnalysis;
using Bixbite.Cluster.Document;
using Bixbite.Engine.Sessions;

namespace Bixbite.Cluster.Routing;

/// <summary>
/// The cluster as the node sees it now: what gates and commands look at. Without <c>cluster-enabled</c> there is no view and no control
/// plane. Under the execution lock.
/// </summary>
public sealed class ClusterState(ClusterSettings settings)
{
    private ClusterView? _view;

    /// <summary>The server is a node of a cluster.</summary>
    [MemberNotNullWhen(true, nameof(Plane))]
    public bool IsEnabled => Plane is not null;

    /// <summary>Decides on changes; null where there is no cluster.</summary>
    public IControlPlane? Plane { get; private set; }

    /// <summary>The view; only where there is a cluster.</summary>
    public ClusterView View => _view!;

    public OpenSlots Open { get; private set; } = new();

    /// <summary>The node may serve: it holds the lease of its shard, or follows who does.</summary>
    public bool IsServing { get; private set; } = true;

    /// <summary>Requests with keys are refused.</summary>
    public bool IsDown =>
        !IsServing || View.AssignedCount == 0 || (settings.RequiresFullCoverage.Value && !View.IsCovered);

    /// <summary>Another view is in place, or serving began or ended.</summary>
    public event Action? Changed;

    /// <summary>The server is a node of a cluster from now on, or decides on changes by other means.</summary>
    public void Begin(IControlPlane plane, ClusterView view, OpenSlots open)
    {
        Plane = plane;
        Open = open;
        Use(view);
    }

    /// <summary>Puts a view in place.</summary>
    public void Use(ClusterView view)
    {
        _view = view;
        Open.Settle(view);
        Changed?.Invoke();
    }

    /// <summary>The node may serve from now on, or may not.</summary>
    public void Serve(bool isServing)
    {
        if (IsServing != isServing)
        {
            IsServing = isServing;
            Changed?.Invoke();
        }
    }

    /// <summary>The host by which clients are told of a node; nothing where they take the one that they have asked.</summary>
    public string? EndpointOf(ClusterNode node) => settings.PreferredEndpoint.Value switch
    {
        EndpointType.Ip => node.Address.Host,
        EndpointType.HostName => node.Address.HostName.Length == 0 ? "?" : node.Address.HostName,
        _ => null,
    };

    /// <summary>The port by which a client is told of a node: the one for TLS if it speaks TLS itself, or if there is no other.</summary>
    public static int PortOf(ClusterNode node, Session client) =>
        node.Address.TlsPort != 0 && (client.Link.IsEncrypted || node.Address.Port == 0) ? node.Address.TlsPort : node.Address.Port;

    /// <summary>How clients are told where nodes are.</summary>
    public EndpointType PreferredEndpoint => settings.PreferredEndpoint.Value;
}
