using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.PubSub;
using Bixbite.Engine.Sessions;
using Bixbite.Protocol;

namespace Bixbite.Commands.PubSub;

/// <summary>Receiving messages: SUBSCRIBE, PSUBSCRIBE, SSUBSCRIBE and their opposites. Each name gets a reply of its own.</summary>
public sealed class Subscribe(PubSubBroker pubSub)
{
    private const string Flags = "pubsub noscript loading stale allows_subscriber";

    [Command(
        "subscribe", Group = "pubsub", Since = "2.0.0", Arity = -2, Flags = Flags, Channels = "all",
        Complexity = "O(N) with N the number of channels",
        Summary = "Receives the messages of channels from now on.",
        Syntax = "channel ...")]
    public void Run(CommandContext context) => Begin(context, ChannelKind.Channel, "subscribe"u8);

    [Command(
        "psubscribe", Group = "pubsub", Since = "2.0.0", Arity = -2, Flags = Flags, Channels = "patterns",
        Complexity = "O(N) with N the number of patterns",
        Summary = "Receives the messages of all channels that match patterns from now on.",
        Syntax = "pattern ...")]
    public void PSubscribe(CommandContext context) => Begin(context, ChannelKind.Pattern, "psubscribe"u8);

    [Command(
        "ssubscribe", Group = "pubsub", Since = "7.0.0", Arity = -2, Flags = Flags, Keys = "not_key; 1..-1", Channels = "all",
        Complexity = "O(N) with N the number of channels",
        Summary = "Receives the messages of shard channels from now on.",
        Syntax = "shardchannel ...")]
    public void SSubscribe(CommandContext context) => Begin(context, ChannelKind.Shard, "ssubscribe"u8);

    [Command(
        "unsubscribe", Group = "pubsub", Since = "2.0.0", Arity = -1, Flags = Flags,
        Complexity = "O(N) with N the number of channels",
        Summary = "Ends the subscriptions of channels, or of all of them.",
        Syntax = "[channel ...]")]
    public void Unsubscribe(CommandContext context) => End(context, ChannelKind.Channel, "unsubscribe"u8);

    [Command(
        "punsubscribe", Group = "pubsub", Since = "2.0.0", Arity = -1, Flags = Flags,
        Complexity = "O(N) with N the number of patterns",
        Summary = "Ends the subscriptions of patterns, or of all of them.",
        Syntax = "[pattern ...]")]
    public void PUnsubscribe(CommandContext context) => End(context, ChannelKind.Pattern, "punsubscribe"u8);

    [Command(
        "sunsubscribe", Group = "pubsub", Since = "7.0.0", Arity = -1, Flags = Flags, Keys = "not_key; 1..-1",
        Complexity = "O(N) with N the number of channels",
        Summary = "Ends the subscriptions of shard channels, or of all of them.",
        Syntax = "[shardchannel ...]")]
    public void SUnsubscribe(CommandContext context) => End(context, ChannelKind.Shard, "sunsubscribe"u8);

    private void Begin(CommandContext context, ChannelKind kind, ReadOnlySpan<byte> word)
    {
        Session session = context.Session;
        for (int i = 1; i < context.Count; i++)
        {
            pubSub.Subscribe(session, kind, context[i]);
            Answer(context, word, context[i], CountFor(session, kind));
        }
    }

    private void End(CommandContext context, ChannelKind kind, ReadOnlySpan<byte> word)
    {
        Session session = context.Session;
        for (int i = 1; i < context.Count; i++)
        {
            pubSub.Unsubscribe(session, kind, context[i]);
            Answer(context, word, context[i], CountFor(session, kind));
        }
        if (context.Count > 1)
        {
            return;
        }
        IReadOnlyCollection<byte[]> names = pubSub.UnsubscribeAll(session, kind);
        int left = CountFor(session, kind) + names.Count;
        foreach (byte[] name in names)
        {
            Answer(context, word, name, --left);
        }
        if (names.Count == 0)
        {
            Answer(context, word, default, left, isNamed: false);
        }
    }

    /// <summary>A confirmation is a message and no reply: CLIENT REPLY does not silence it, nor what a transaction answers.</summary>
    private static void Answer(
        CommandContext context, ReadOnlySpan<byte> word, ReadOnlySpan<byte> name, int count, bool isNamed = true)
    {
        ReplyWriter reply = context.Reply;
        int mark = reply.BeginWhole();
        int start = reply.Buffer.Length;
        reply.Push(3);
        reply.Bulk(word);
        if (isNamed)
        {
            reply.Bulk(name);
        }
        else
        {
            reply.Null();
        }
        reply.Integer(count);
        if (context.Session.ReplyMode is ReplyMode.Off or ReplyMode.Skipping)
        {
            context.Session.Link.Send(reply.Buffer.Written(start));
        }
        reply.EndWhole(mark);
    }

    private int CountFor(Session session, ChannelKind kind) => pubSub.Of(session) is not { } own
        ? 0
        : kind == ChannelKind.Shard ? own.CountOf(kind) : own.GlobalCount;
}
