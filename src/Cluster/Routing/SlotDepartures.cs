using Bixbite.Engine.Blocking;
using Bixbite.Engine.PubSub;
using Bixbite.Structures.Checks;

namespace Bixbite.Cluster.Routing;

/// <summary>
/// When slots leave this node, clients that wait for their keys are told where to turn, and subscriptions of their channels end.
/// </summary>
public sealed class SlotDepartures
{
    private readonly ClusterState _state;
    private readonly SlotRouter _router;
    private readonly BlockedSessions _blocked;
    private readonly PubSubBroker _pubSub;

    public SlotDepartures(ClusterState state, SlotRouter router, BlockedSessions blocked, PubSubBroker pubSub)
    {
        _state = state;
        _router = router;
        _blocked = blocked;
        _pubSub = pubSub;
        state.Changed += Settle;
    }

    private void Settle()
    {
        _blocked.RefuseWaits(_router.RefusalOfWait);
        if (_pubSub.CountOf(ChannelKind.Shard) > 0)
        {
            _pubSub.DropShardChannels(name => !_state.View.IsOfOwnShard(HashSlot.Of(name)));
        }
    }
}
