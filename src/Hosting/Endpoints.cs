using Bixbite.Configuration.Kinds;
using Bixbite.Net;

namespace Bixbite.Hosting;

/// <summary>
/// Another kind of connections than that of RESP: on the addresses of <c>bind</c> or of its own, and a port of its own. CONFIG SET of
/// either opens and closes it together with the clients' addresses, all or none. Whom it lets in is its handler's affair.
/// </summary>
/// <param name="Name">INFO's name of the listener.</param>
/// <param name="Port">The setting of the port; 0 is none.</param>
/// <param name="CreateHandler">Makes the handler of one loop, which is disposed of with the loops if it can be.</param>
public sealed record Endpoint(string Name, IntSetting Port, Func<EventLoop, IConnectionHandler> CreateHandler)
{
    /// <summary>The setting of its addresses; null for those of the clients.</summary>
    public BindSetting? Bind { get; init; }

    /// <summary>TLS is spoken there, as on <c>tls-port</c>.</summary>
    public bool IsEncrypted { get; init; }
}

/// <summary>The kinds of connections beside RESP, which modules add; a service.</summary>
public sealed class Endpoints
{
    private readonly List<Endpoint> _all = [];

    public IReadOnlyList<Endpoint> All => _all;

    /// <summary>Serves RESP, for connections that change to it; there when the loops are.</summary>
    public Service? Clients { get; set; }

    public void Add(Endpoint endpoint) => _all.Add(endpoint);
}
