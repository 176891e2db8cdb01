using Bixbite.Engine.Lifecycle;
using Bixbite.Hosting;
using Bixbite.Logging;
using Bixbite.Platform;

namespace Bixbite.Launcher.Supervision;

/// <summary>Whoever has started this process and wants to hear of it: by the setting <c>supervised</c> and the environment.</summary>
internal static class Supervisors
{
    private const string SystemdVariable = "NOTIFY_SOCKET";
    private const string UpstartVariable = "UPSTART_JOB";

    /// <summary>Who it is: who is wanted by the setting, if the environment knows of him.</summary>
    public static Supervisor Find(Supervisor wanted, ServerLog log)
    {
        bool hasUpstart = OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable(UpstartVariable) is not null;
        bool hasSystemd = OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable(SystemdVariable) is not null;
        switch (wanted)
        {
            case Supervisor.OfEnvironment:
                return hasUpstart ? Supervisor.Upstart : hasSystemd ? Supervisor.Systemd : Supervisor.None;
            case Supervisor.Upstart when !hasUpstart:
                log.Write(LogLevel.Warning, $"upstart supervision requested, but {UpstartVariable} not found!");
                return Supervisor.None;
            case Supervisor.Systemd when !hasSystemd:
                log.Write(LogLevel.Warning, $"systemd supervision requested, but {SystemdVariable} not found!");
                return Supervisor.None;
            default:
                return wanted;
        }
    }

    /// <summary>
    /// Tells it when the server, which is not started yet, is ready; what is returned tells systemd more, until it is disposed.
    /// </summary>
    public static SystemdNotices? Tell(Supervisor supervisor, ServerInstance server, Heartbeat heartbeat, ServerLog log)
    {
        if (supervisor == Supervisor.Upstart)
        {
            server.Loaded += static () => Signals.Raise(Signals.SIGSTOP);
        }
        if (supervisor != Supervisor.Systemd)
        {
            return null;
        }
        string name = Environment.GetEnvironmentVariable(SystemdVariable) ?? "";
        if (NoticeSocket.Open(name, out string? problem) is not { } socket)
        {
            log.Write(LogLevel.Warning, $"systemd cannot be told anything at '{name}' ({SystemdVariable}): {problem}");
            return null;
        }
        long watchdogUs = SystemdNotices.WatchdogUsOf(Environment.GetEnvironmentVariable);
        SystemdNotices notices = new(socket, heartbeat, () => server.IsTerminating, watchdogUs);
        server.Loaded += notices.NoteReady;
        return notices;
    }
}
