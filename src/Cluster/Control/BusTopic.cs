namespace Bixbite.Cluster.Control;

/// <summary>The topics of frames on the bus. A number is never used for something else.</summary>
internal static class BusTopic
{
    /// <summary>Requests of consensus between voters.</summary>
    internal const byte Voting = 1;
}
