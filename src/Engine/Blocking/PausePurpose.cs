namespace Bixbite.Engine.Blocking;

/// <summary>Why clients are paused. Each purpose begins and ends its pause by itself, and writes wait for the last of them.</summary>
public enum PausePurpose
{
    /// <summary>A client has asked for it: CLIENT PAUSE.</summary>
    Client,

    /// <summary>The server is about to end, and waits for its replicas.</summary>
    Shutdown,

    /// <summary>A replica is about to take the server's place.</summary>
    Failover,
}
