namespace Bixbite.Persistence;

/// <summary>Where the stream to replicas goes on after a snapshot, so that whoever loads it can go on from there.</summary>
/// <param name="Database">The one that is selected there.</param>
/// <param name="Id">The name of the history.</param>
/// <param name="End">The position.</param>
public readonly record struct StreamPlace(int Database, string Id, long End);
