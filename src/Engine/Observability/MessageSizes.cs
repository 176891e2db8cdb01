namespace Bixbite.Engine.Observability;

/// <summary>
/// How many bytes a request and its reply took. What the request takes is not summed up for each: a bound is known from where the next
/// one begins.
/// </summary>
/// <param name="RequestMax">The request takes no more; 0 where it came from no client.</param>
/// <param name="Reply">What was written in reply to it.</param>
public readonly record struct MessageSizes(long RequestMax, long Reply);
