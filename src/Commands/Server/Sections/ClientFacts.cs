using Bixbite.Engine.Blocking;
using Bixbite.Engine.Publishing;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Tracking;
using Bixbite.Engine.Transactions;

namespace Bixbite.Commands.Server.Sections;

/// <summary>Everything that knows something of the clients.</summary>
public sealed record ClientFacts(
    SessionTable Sessions, BlockedSessions Blocked, KeyWaits Waits, WatchedKeys Watches, Broker Broker, KeyTracking Tracking);
