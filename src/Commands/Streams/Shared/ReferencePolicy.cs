namespace Bixbite.Commands.Streams.Shared;

/// <summary>How the groups' pending entries are treated when an entry is removed from its stream.</summary>
internal enum ReferencePolicy
{
    /// <summary>KEEPREF: they stay.</summary>
    Keep,

    /// <summary>DELREF: they go with it.</summary>
    Delete,

    /// <summary>ACKED: the entry stays as long as a group has it pending, or has not had it yet.</summary>
    Acknowledged,
}
