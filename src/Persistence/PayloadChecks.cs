namespace Bixbite.Persistence;

/// <summary>The checks of RESTORE before it reads a payload; the value itself is always checked.</summary>
public sealed class PayloadChecks
{
    /// <summary>Payloads need no right checksum: for tests that alter payloads.</summary>
    public bool IsChecksumSkipped { get; set; }
}
