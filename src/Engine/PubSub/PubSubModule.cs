using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Facts;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.Sessions;
using Bixbite.Keyspace;

namespace Bixbite.Engine.PubSub;

/// <summary>Channels, patterns and shard channels, and what happens to keys as messages.</summary>
public sealed class PubSubModule : Module
{
    public override void AddSettings(Settings settings) => settings.Add(new KeyspaceEventSettings(settings));

    public override void Add(ServerBuilder server)
    {
        PubSubBroker broker = server.AddPart(new PubSubBroker(server.Workspace, server.Get<LazyRemoval>(), server.Sessions));
        server.Info["Clients"].Gauge("pubsub_clients", () => broker.SubscriberCount);
        InfoSection stats = server.Info["Stats"];
        stats.Gauge("pubsub_channels", () => broker.CountOf(ChannelKind.Channel));
        stats.Gauge("pubsub_patterns", () => broker.CountOf(ChannelKind.Pattern));
        stats.Gauge("pubsubshard_channels", () => broker.CountOf(ChannelKind.Shard));
        AddKeyspaceEvents(server, broker);
    }

    /// <summary>Misses and new keys are no changes: they are told only while somebody wants to know.</summary>
    private static void AddKeyspaceEvents(ServerBuilder server, PubSubBroker broker)
    {
        var events = new KeyspaceEvents(broker);
        server.Get<ChangeFeed>().Subscribe(events);
        KeyAccess keys = server.Get<KeyAccess>();
        Databases databases = server.Get<Databases>();
        EventClassesSetting wanted = server.Get<KeyspaceEventSettings>().Classes;
        ServerBuilder.Follow(wanted, () =>
        {
            events.Classes = wanted.Value;
            keys.Missed = (wanted.Value & EventClasses.Missed) != 0 ? events.OnMiss : null;
            databases.Added = (wanted.Value & EventClasses.New) != 0 ? events.OnAdded : null;
        });
    }
}
