namespace Bixbite.Persistence;

/// <summary>What RESTORE checks before it reads a payload; whether the value itself is right is always checked.</summary>
public sealed class PayloadChecks
{
    /// <summary>Payloads need no right checksum: for tests that alter payloads.</summary>
    public bool IsChecksumSkipped { get; set; }
}
