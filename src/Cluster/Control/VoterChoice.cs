using Bixbite.Cluster.Document;

namespace Bixbite.Cluster.Control;

/// <summary>
/// Which nodes are to vote: an odd number up to seven, of different shards first, so that machines that fail together do not take the
/// majority with them. A voter stays while it is heard. Pure: the same answer for the same facts.
/// </summary>
public static class VoterChoice
{
    /// <summary>
    /// One step towards that: who is to become a voter, or to be one no longer; both none where all is well.
    /// </summary>
    /// <param name="document">Of the cluster.</param>
    /// <param name="voters">Who votes now.</param>
    /// <param name="isHeard">Whether a node was heard lately; one that votes and is not is replaced.</param>
    public static (ClusterId Added, ClusterId Removed) Next(
        ClusterDocument document, IReadOnlyCollection<ClusterId> voters, Func<ClusterId, bool> isHeard)
    {
        ClusterId gone = voters.Where(voter => !document.Nodes.ContainsKey(voter)).Order().FirstOrDefault();
        if (!gone.IsNone)
        {
            return (default, gone);
        }
        List<ClusterNode> staying = [.. document.Nodes.Values.Where(node => !node.IsLeaving)];
        List<ClusterNode> fit = [.. staying.Where(node => isHeard(node.Id))];
        List<ClusterNode> voting = [.. fit.Where(node => voters.Contains(node.Id))];
        ClusterId unfit = voters.Where(voter => fit.All(node => node.Id != voter)).Order().FirstOrDefault();
        int wanted = WantedOf(staying.Count);
        // First one more, then one less: who is silent stays a voter until another has taken its place.
        if (voting.Count < wanted && fit.Except(voting).MinBy(node => (SameShard(voting, node), node.Id)) is { } added)
        {
            return voters.Count < ClusterDocument.VotersMax ? (added.Id, default) : (default, unfit);
        }
        if (voting.Count >= wanted && !unfit.IsNone)
        {
            return (default, unfit);
        }
        return voting.Count > wanted ? (default, voting.MaxBy(node => (SameShard(voting, node), node.Id))!.Id) : default;
    }

    /// <summary>An even number has no larger majority than the odd one below it, and more that can fail.</summary>
    private static int WantedOf(int nodes) => nodes == 0 ? 0 : Math.Min(ClusterDocument.VotersMax, ((nodes - 1) / 2 * 2) + 1);

    private static int SameShard(List<ClusterNode> voting, ClusterNode node) =>
        node.IsWitness ? 0 : voting.Count(voter => voter.Shard == node.Shard);
}
