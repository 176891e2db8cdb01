using System.Security.Cryptography;
using Bixbite.Configuration;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Logging;
using Bixbite.Persistence.Values;
using Bixbite.Platform;

namespace Bixbite.Hosting;

/// <summary>The facts fixed when a server starts: its identity, its log, and the crash report.</summary>
public sealed record StartFacts(ServerIdentity Identity, ServerLog Log, CrashReport? Crash = null)
{
    /// <summary>Where everything is kept that must survive.</summary>
    public IDisk Disk { get; init; } = SystemDisk.Instance;

    /// <summary>The types that values may have, and how they are written and read.</summary>
    public ValueCodecs Codecs { get; init; } = ValueCodecs.BuiltIn;

    /// <summary>The modules of this server beside those of every server.</summary>
    public IReadOnlyList<Module> Modules { get; init; } = [];

    /// <summary>How clients reach it.</summary>
    public Transport Transport { get; init; } = Transport.Sockets;

    /// <summary>The clock.</summary>
    public IClock Clock { get; init; } = SystemClock.Instance;

    /// <summary>The facts of this process, with a fresh run id. <paramref name="configPath"/> is empty where there is no file.</summary>
    public static StartFacts OfProcess(Settings settings, string configPath, ServerLog log, IClock? clock = null) => new(
        new ServerIdentity(
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20)),
            Environment.ProcessPath ?? "bixbite-server",
            configPath,
            (clock ?? SystemClock.Instance).MonotonicUs,
            settings.Get<NetworkSettings>().Port.Value),
        log)
    {
        Clock = clock ?? SystemClock.Instance,
    };
}
