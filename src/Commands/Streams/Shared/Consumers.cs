using Bixbite.Engine.Execution;
using Bixbite.Types;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams.Shared;

/// <summary>Consumers, which come into being when they are first named.</summary>
internal static class Consumers
{
    /// <summary>The consumer of this name, which was seen now.</summary>
    public static StreamConsumer FindOrCreate(
        CommandContext context, ReadOnlySpan<byte> key, StreamGroup group, ReadOnlySpan<byte> name)
    {
        if (group.TryCreateConsumer(name, context.NowMs, out StreamConsumer consumer))
        {
            StreamEffects.WriteConsumer(context, key, group, name);
            context.Changed(key, KeyEventClass.Stream, "xgroup-createconsumer"u8);
        }
        consumer.SeenMs = context.NowMs;
        return consumer;
    }
}
