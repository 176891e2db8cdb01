namespace Bixbite.Hosting.Telemetry;

/// <summary>
/// The request that ran longest of those that came together, and who asked for it: as it was when it ran, for until the reply has left the
/// client may be another user, with another name, and in another database.
/// </summary>
internal sealed class TracedRequest
{
    public byte[] Command { get; set; } = [];

    public int DatabaseNumber { get; set; }

    public byte[] ClientName { get; set; } = [];

    public byte[] UserName { get; set; } = [];
}
