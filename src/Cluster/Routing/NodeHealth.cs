namespace Bixbite.Cluster.Routing;

/// <summary>How a node is, as far as another one knows.</summary>
/// <param name="IsConnected">There is a connection to it.</param>
/// <param name="IsFailed">It is taken to be down.</param>
/// <param name="PingSentMs">Unix milliseconds of the last question that has no answer yet, or 0.</param>
/// <param name="PongReceivedMs">Unix milliseconds of its last answer, or 0.</param>
/// <param name="Offset">How far its stream of changes is.</param>
public readonly record struct NodeHealth(bool IsConnected, bool IsFailed, long PingSentMs, long PongReceivedMs, long Offset);
