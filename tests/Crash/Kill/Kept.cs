namespace Bixbite.Crash.Kill;

/// <summary>What of a killed server must be there when it starts again.</summary>
internal enum Kept
{
    /// <summary>Everything it acknowledged (appendfsync always).</summary>
    Acknowledged,

    /// <summary>Everything that it had acknowledged when nothing waited to be written to the log (appendfsync everysec).</summary>
    Written,

    /// <summary>What was there at the last SAVE; of what came later, each client's part of one moment.</summary>
    LastSave,
}
