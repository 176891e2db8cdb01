using Bixbite.Engine.Blocking;
using Bixbite.Engine.ClientTracking;
using Bixbite.Engine.PubSub;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Transactions;

namespace Bixbite.Commands.Info.Sections;

/// <summary>Everything that knows something of the clients.</summary>
public sealed record ClientFacts(
    SessionTable Sessions, BlockedSessions Blocked, KeyWaits Waits, WatchedKeys Watches, PubSubBroker PubSub, KeyTracking Tracking);
