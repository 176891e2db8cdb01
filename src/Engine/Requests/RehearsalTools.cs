using Bixbite.Engine.Propagation;
using Bixbite.Engine.PubSub;
using Bixbite.Keyspace;

namespace Bixbite.Engine.Requests;

/// <summary>The parts of a server that a rehearsal uses and keeps quiet.</summary>
/// <param name="Databases">Those of all clients.</param>
/// <param name="Keys">The way to their keys.</param>
/// <param name="Changes">Told of changes.</param>
/// <param name="PubSub">Sends messages.</param>
public sealed record RehearsalTools(Databases Databases, KeyAccess Keys, ChangeFeed Changes, PubSubBroker PubSub);
