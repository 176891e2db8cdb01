using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.PubSub;

namespace Bixbite.Commands.PubSub;

/// <summary>Sending messages: PUBLISH and SPUBLISH.</summary>
public sealed class Publish(PubSubBroker pubSub)
{
    [Command(
        "publish", Group = "pubsub", Since = "2.0.0", Arity = 3,
        Flags = "pubsub loading stale fast may_replicate", Channels = "first",
        Complexity = "O(N + M) with N the channel's subscribers and M the patterns",
        Summary = "Sends a message to all who have subscribed to a channel.",
        Syntax = "channel message")]
    public void Run(CommandContext context)
    {
        context.Effects.ForcePropagation(PropagationTargets.Replicas);
        context.Reply.Integer(pubSub.Publish(context[1], context[2]));
    }

    [Command(
        "spublish", Group = "pubsub", Since = "7.0.0", Arity = 3,
        Flags = "pubsub loading stale fast may_replicate", Keys = "not_key; 1", Channels = "first",
        Complexity = "O(N) with N the channel's subscribers",
        Summary = "Sends a message to all who have subscribed to a shard channel.",
        Syntax = "shardchannel message")]
    public void SPublish(CommandContext context)
    {
        context.Effects.ForcePropagation(PropagationTargets.Replicas);
        context.Reply.Integer(pubSub.PublishToShard(context[1], context[2]));
    }
}
