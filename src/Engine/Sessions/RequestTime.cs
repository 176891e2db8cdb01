namespace Bixbite.Engine.Sessions;

/// <summary>How often a client's requests went through a stage, and how long they were in it, in microseconds.</summary>
/// <param name="Stage">Its name.</param>
/// <param name="Count">How often.</param>
/// <param name="TotalUs">All times together.</param>
/// <param name="MaxUs">The longest.</param>
/// <param name="LastUs">The last one.</param>
public readonly record struct RequestTime(string Stage, long Count, long TotalUs, long MaxUs, long LastUs);
