namespace Bixbite.Engine.Sessions;

/// <summary>The work of a client.</summary>
/// <param name="Calls">Requests that ran.</param>
/// <param name="DurationUs">Microseconds that they took.</param>
/// <param name="Errors">Errors that it was answered.</param>
public readonly record struct ClientWork(long Calls, long DurationUs, long Errors);
