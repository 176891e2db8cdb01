using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.PubSub;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.PubSub;

/// <summary>PUBSUB: who has subscribed to what.</summary>
[Command(
    "pubsub", Group = "pubsub", Since = "2.8.0", Arity = -2,
    Complexity = "Depends on the subcommand",
    Summary = "Inspects channels and their subscribers.")]
public sealed class PubSubInfo(PubSubBroker pubSub)
{
    [Command(
        "pubsub|channels", Group = "pubsub", Since = "2.8.0", Arity = -2, Flags = "pubsub loading stale",
        Complexity = "O(N) with N the number of channels",
        Summary = "Returns the channels that somebody has subscribed to.",
        Syntax = "[pattern]")]
    public void Channels(CommandContext context) => List(context, ChannelKind.Channel);

    [Command(
        "pubsub|shardchannels", Group = "pubsub", Since = "7.0.0", Arity = -2, Flags = "pubsub loading stale",
        Complexity = "O(N) with N the number of channels",
        Summary = "Returns the shard channels that somebody has subscribed to.",
        Syntax = "[pattern]")]
    public void ShardChannels(CommandContext context) => List(context, ChannelKind.Shard);

    [Command(
        "pubsub|numsub", Group = "pubsub", Since = "2.8.0", Arity = -2, Flags = "pubsub loading stale",
        Complexity = "O(N) with N the number of channels asked for",
        Summary = "Returns how many have subscribed to each of these channels.",
        Syntax = "[channel ...]")]
    public void NumSub(CommandContext context) => Count(context, ChannelKind.Channel);

    [Command(
        "pubsub|shardnumsub", Group = "pubsub", Since = "7.0.0", Arity = -2, Flags = "pubsub loading stale",
        Complexity = "O(N) with N the number of channels asked for",
        Summary = "Returns how many have subscribed to each of these shard channels.",
        Syntax = "[shardchannel ...]")]
    public void ShardNumSub(CommandContext context) => Count(context, ChannelKind.Shard);

    [Command(
        "pubsub|numpat", Group = "pubsub", Since = "2.8.0", Arity = 2, Flags = "pubsub loading stale",
        Complexity = "O(1)",
        Summary = "Returns the number of different patterns that somebody has subscribed to.")]
    public void NumPat(CommandContext context) => context.Reply.Integer(pubSub.CountOf(ChannelKind.Pattern));

    [Command(
        "pubsub|help", Group = "pubsub", Since = "6.2.0", Arity = 2, Flags = "loading stale",
        Complexity = "O(1)",
        Summary = "Explains the subcommands.")]
    public void Help(CommandContext context) => HelpText.Answer(
        context.Reply,
        "PUBSUB",
        "CHANNELS [<pattern>]",
        "    The channels that somebody has subscribed to, those that match <pattern>.",
        "NUMPAT",
        "    How many different patterns somebody has subscribed to.",
        "NUMSUB [<channel> ...]",
        "    How many have subscribed to each channel.",
        "SHARDCHANNELS [<pattern>]",
        "    As CHANNELS, for shard channels.",
        "SHARDNUMSUB [<shardchannel> ...]",
        "    As NUMSUB, for shard channels.");

    private void List(CommandContext context, ChannelKind kind)
    {
        if (context.Count > 3)
        {
            ErrorText.SubcommandSyntax(context.Reply, "PUBSUB"u8, context[1]);
            return;
        }
        int mark = context.Reply.BeginArray();
        int count = 0;
        foreach (byte[] name in pubSub.NamesOf(kind))
        {
            if (context.Count == 2 || Glob.IsMatch(context[2], name))
            {
                context.Reply.Bulk(name);
                count++;
            }
        }
        context.Reply.EndArray(mark, count);
    }

    /// <summary>An array of pairs in both protocols, as in Redis.</summary>
    private void Count(CommandContext context, ChannelKind kind)
    {
        context.Reply.Array((context.Count - 2) * 2);
        for (int i = 2; i < context.Count; i++)
        {
            context.Reply.Bulk(context[i]);
            context.Reply.Integer(pubSub.CountOf(kind, context[i]));
        }
    }
}
