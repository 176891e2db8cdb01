using Bixbite.Commands.Hashes.Shared;
using Bixbite.Configuration;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.ClientTracking;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.PubSub;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Transactions;
using Bixbite.Memory;
using Bixbite.Platform;

namespace Bixbite.Hosting;

/// <summary>The clients and what they wait for, put together.</summary>
internal sealed class ClientParts
{
    public ClientParts(Settings settings, RaisedConcerns raised, KeyspaceParts keyspace, ObservabilityParts observers, IClock clock)
    {
        Pause = new PauseGate(keyspace.Values.Saving, raised);
        Blocked = new BlockedSessions(new NativeBuffer(keyspace.Workspace, 64), keyspace.Workspace, observers.Recorder);
        Waits = new KeyWaits(Blocked, Removal, clock);
        Watches = new WatchedKeys(keyspace.Keys, Removal, Parts);
        Transactions = new TransactionQueue(Watches, keyspace.Workspace, Parts);
        Runner = new CommandRunner(keyspace.Propagator, observers.Recorder, Pause);
        TransactionRunner = new TransactionRunner(Runner);
        Authentication = new Authentication(settings, observers.Statistics);
        PubSub = new PubSubBroker(keyspace.Workspace, Removal, Parts);
        Tracking = new KeyTracking(
            keyspace.Changes, Sessions, Parts, new TrackedKeys(keyspace.Values.Seed), keyspace.Workspace)
        {
            Memory = keyspace.Memory,
        };
        Runner.ReadObserver = Tracking;
        Fieldsets = new FieldsetClients(Parts);
        foreach (ISessionPart part in (ISessionPart[])
            [Blocked, Pause, observers.Monitors, Transactions, PubSub, Tracking, Authentication, Fieldsets])
        {
            Parts.Add(part);
        }
        keyspace.Changes.Subscribe(Waits);
        keyspace.Changes.Subscribe(Watches);
        var events = new KeyspaceEvents(PubSub);
        keyspace.Changes.Subscribe(events);
        SettingsWiring.ConnectTracking(settings, Tracking);
        keyspace.Memory.AddTable(() => Tracking.MemoryBytes);
        keyspace.Memory.AddClients(() => Sessions.StateBytes);
        keyspace.Memory.AddExcused(() => Sessions.LeavingBytes);
        SettingsWiring.ConnectEvents(settings, events, keyspace);
    }

    public SessionTable Sessions { get; } = new();

    public SessionParts Parts { get; } = new();

    public PauseGate Pause { get; }

    public LazyRemoval Removal { get; } = new();

    public BlockedSessions Blocked { get; }

    public KeyWaits Waits { get; }

    public WatchedKeys Watches { get; }

    public TransactionQueue Transactions { get; }

    public CommandRunner Runner { get; }

    public TransactionRunner TransactionRunner { get; }

    public Authentication Authentication { get; }

    public PubSubBroker PubSub { get; }

    public KeyTracking Tracking { get; }

    public FieldsetClients Fieldsets { get; }
}
