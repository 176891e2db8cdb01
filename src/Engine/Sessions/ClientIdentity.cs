namespace Bixbite.Engine.Sessions;

/// <summary>What a client has said of itself; empty until it does.</summary>
public sealed class ClientIdentity
{
    public byte[] Name { get; set; } = [];

    public byte[] LibraryName { get; set; } = [];

    public byte[] LibraryVersion { get; set; } = [];
}
