using Bixbite.Engine.Propagation;
using Bixbite.Engine.Sessions;
using Bixbite.Keyspace;
using Bixbite.Protocol;

namespace Bixbite.Engine.Execution;

/// <summary>Makes command contexts, one for each who runs commands, and is what all of them share.</summary>
/// <param name="Keys">The keys of all databases.</param>
/// <param name="Changes">Told what commands change.</param>
/// <param name="Time">The time that commands see.</param>
/// <param name="Effects">What is propagated in place of requests.</param>
/// <param name="Blocked">Where commands wait.</param>
/// <param name="Long">Where a command that takes long goes on.</param>
/// <param name="Unfinished">A client's reply that is made in slices.</param>
public sealed record ContextFactory(
    KeyAccess Keys, ChangeFeed Changes, CommandTime Time, Effects Effects, ISuspensions Blocked, ISuspensions Long,
    SessionSlot<UnfinishedReply> Unfinished)
{
    /// <summary>A context whose replies go to this writer.</summary>
    public CommandContext Create(ReplyWriter reply) => new(this, reply);
}
