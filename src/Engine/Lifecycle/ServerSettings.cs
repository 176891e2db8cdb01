using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Engine.Lifecycle;

public sealed class ServerSettings
{
    public readonly IntSetting Hz;
    public readonly BoolSetting DynamicHz;
    public readonly DirectorySetting Directory;
    public readonly TextSetting PidFile;
    public readonly IntSetting ShutdownTimeoutSeconds;
    public readonly ShutdownSetting ShutdownOnSigint;
    public readonly ShutdownSetting ShutdownOnSigterm;
    public readonly ChoiceSetting<LocalAccess> EnableDebugCommand;
    public readonly ChoiceSetting<LocalAccess> EnableProtectedConfigs;
    public readonly ChoiceSetting<Supervisor> Supervised;

    public ServerSettings(Settings settings)
    {
        SettingsSection section = settings["Server"];
        Hz = section.Add(new IntSetting("hz", 10, 0, int.MaxValue)
        {
            Description = "Upkeep runs when it is due, not by a tick; INFO shows the value.",
            Effect = SettingEffect.NoMeaning,
            Adjust = value => Math.Clamp(value, 1, 500),
        });
        DynamicHz = section.Add(new BoolSetting("dynamic-hz", true)
        {
            Description = "There is no tick to adapt.", Effect = SettingEffect.NoMeaning,
        });
        Directory = section.Add(new DirectorySetting("dir")
        {
            Description = "The working directory, where files are written.", Flags = SettingFlags.Protected | SettingFlags.DenyLoading,
        });
        PidFile = section.Add(new TextSetting("pidfile")
        {
            Description = "A file to hold the process id while the server runs.", Flags = SettingFlags.Immutable,
        });
        ShutdownTimeoutSeconds = section.Add(new IntSetting("shutdown-timeout", 10, 0, int.MaxValue)
        {
            Description = "How many seconds a shutdown waits for replicas to catch up; 0 does not wait.",
        });
        ShutdownOnSigint = section.Add(new ShutdownSetting("shutdown-on-sigint")
        {
            Description = "What SHUTDOWN options SIGINT stands for.",
            Flags = SettingFlags.MultiArgument,
        });
        ShutdownOnSigterm = section.Add(new ShutdownSetting("shutdown-on-sigterm")
        {
            Description = "What SHUTDOWN options SIGTERM stands for.",
            Flags = SettingFlags.MultiArgument,
        });
        EnableDebugCommand = section.Add(Access("enable-debug-command", "Who may use DEBUG."));
        EnableProtectedConfigs = section.Add(Access("enable-protected-configs", "Who may change protected settings with CONFIG SET."));
        Supervised = section.Add(new ChoiceSetting<Supervisor>(
            "supervised", Supervisor.None,
            ("upstart", Supervisor.Upstart), ("systemd", Supervisor.Systemd), ("auto", Supervisor.OfEnvironment), ("no", Supervisor.None))
        {
            Description = "Tell systemd or upstart when the server is ready, and systemd also how it is.", Flags = SettingFlags.Immutable,
        });
        section.Add(new BoolSetting("daemonize", false)
        {
            Description = "Leave the terminal and run in the background.",
            Flags = SettingFlags.Immutable,
            Effect = SettingEffect.SwitchArrivesLater,
        });
    }

    private static ChoiceSetting<LocalAccess> Access(string name, string description) =>
        new(name, LocalAccess.No, ("no", LocalAccess.No), ("yes", LocalAccess.Yes), ("local", LocalAccess.Local))
        {
            Description = description, Flags = SettingFlags.Immutable,
        };
}
