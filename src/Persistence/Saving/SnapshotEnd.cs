namespace Bixbite.Persistence.Saving;

/// <summary>How a snapshot has ended.</summary>
/// <param name="Problem">Null, or what failed and why: there is nothing new at the target then.</param>
/// <param name="IsCancelled">There is nothing new because nobody wanted it any more.</param>
/// <param name="DurationMs">How long it took.</param>
/// <param name="Size">Bytes of the whole without its checksum.</param>
/// <param name="CowBytes">The most that it took beside the data.</param>
public readonly record struct SnapshotEnd(string? Problem, bool IsCancelled, long DurationMs, long Size, long CowBytes);
