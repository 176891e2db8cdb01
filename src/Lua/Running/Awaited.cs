namespace Bixbite.Lua.Running;

/// <summary>How a thread takes what it waits for.</summary>
internal enum AwaitKind : byte
{
    /// <summary>As they are: it yielded, or it called a function that resumes.</summary>
    Values,

    /// <summary>After true, and an error after false: it called <c>coroutine.resume</c>.</summary>
    Outcome,
}

/// <summary>Where a thread wants what another one hands over when it goes on: as a call's results.</summary>
/// <param name="ReturnTo">The place of the first one in its stack.</param>
/// <param name="Wanted">How many; -1 is all.</param>
/// <param name="Finish">What its instruction still has to do with the result.</param>
/// <param name="Kind">Whether an error is a result.</param>
internal readonly record struct Awaited(int ReturnTo, int Wanted, FinishKind Finish, AwaitKind Kind);
