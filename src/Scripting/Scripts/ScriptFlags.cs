namespace Bixbite.Scripting.Scripts;

/// <summary>A script's word on itself in its first line: <c>#!lua flags=no-writes,allow-oom</c>.</summary>
[Flags]
public enum ScriptFlags
{
    None = 0,
    NoWrites = 1,
    AllowOom = 2,
    AllowStale = 4,
    NoCluster = 8,
    AllowCrossSlotKeys = 16,

    /// <summary>It has no such line: what it may do is decided with each command.</summary>
    Undeclared = 32,
}
