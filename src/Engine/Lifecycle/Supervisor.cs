namespace Bixbite.Engine.Lifecycle;

/// <summary>Who starts the process, and is told when it is ready.</summary>
public enum Supervisor
{
    None,
    Upstart,
    Systemd,

    /// <summary>Whoever the environment names.</summary>
    OfEnvironment,
}
