using Bixbite.Platform;

namespace Bixbite.Engine.Lifecycle;

/// <summary>The name of the history of changes that this server tells: 40 hexadecimal digits, new at each start.</summary>
public sealed class ReplicationIdentity
{
    private const int Length = 40;

    /// <summary>The identifier of no history.</summary>
    public static string None { get; } = new('0', Length);

    public string Id { get; private set; } = NewId();

    /// <summary>Begins a new history (DEBUG CHANGE-REPL-ID).</summary>
    public void Change() => Id = NewId();

    private static string NewId() => SystemRandom.Hex(Length);
}
