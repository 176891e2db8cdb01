using Bixbite.Platform;

namespace Bixbite.Net;

/// <summary>A connected socket on its way to its loop; whoever holds it owns the descriptor.</summary>
internal readonly record struct AcceptedSocket(int Descriptor, SocketAddress Peer, string? UnixPath);
