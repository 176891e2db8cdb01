using Bixbite.Configuration;
using Bixbite.Hosting;
using Bixbite.Logging;

namespace Bixbite.Launcher;

/// <summary>
/// Begins to send what the server tells of itself elsewhere, if its settings or the environment ask for it; what is returned ends it.
/// Called before the server starts, so that nothing is missed; by a <see cref="ServerStartException"/> it does not start.
/// </summary>
public delegate IDisposable? StartExport(ServerInstance server, Settings settings, ServerLog log);
