using Bixbite.Configuration.Kinds;
using Bixbite.Logging;

namespace Bixbite.Configuration;

public sealed class LoggingSettings
{
    public readonly ChoiceSetting<LogLevel> LogLevel;
    public readonly TextSetting LogFile;
    public readonly BoolSetting CrashLogEnabled;

    internal LoggingSettings(Settings settings)
    {
        SettingsSection section = settings["Logging"];
        LogLevel = section.Add(new ChoiceSetting<LogLevel>(
            "loglevel",
            Logging.LogLevel.Notice,
            ("debug", Logging.LogLevel.Debug),
            ("verbose", Logging.LogLevel.Verbose),
            ("notice", Logging.LogLevel.Notice),
            ("warning", Logging.LogLevel.Warning),
            ("nothing", Logging.LogLevel.Nothing))
        {
            Description = "How much is logged.",
        });
        LogFile = section.Add(new TextSetting("logfile", "")
        {
            Description = "The file to log to; without one, the log goes to standard output.", Flags = SettingFlags.Immutable,
        });
        CrashLogEnabled = section.Add(new BoolSetting("crash-log-enabled", true)
        {
            Description = "Write a report to the log when the server dies of a defect.",
        });
        section.AddAll(
            new BoolSetting("syslog-enabled", false)
            {
                Description = "Log to the system's logger.",
                Flags = SettingFlags.Immutable,
                Effect = SettingEffect.SwitchArrivesLater,
            },
            new TextSetting("syslog-ident", "redis")
            {
                Description = "The name to log under.", Flags = SettingFlags.Immutable, Effect = SettingEffect.ArrivesLater,
            },
            new WordSetting(
                "syslog-facility", "local0", "user", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7")
            {
                Description = "The facility to log to.", Flags = SettingFlags.Immutable, Effect = SettingEffect.ArrivesLater,
            },
            new BoolSetting("always-show-logo", false)
            {
                Description = "There is no logo.", Flags = SettingFlags.Immutable, Effect = SettingEffect.NoMeaning,
            },
            new BoolSetting("crash-memcheck-enabled", true)
            {
                Description = "There is no memory test after a crash.", Effect = SettingEffect.NoMeaning,
            },
            new BoolSetting("hide-user-data-from-log", false)
            {
                Description = "Data of users is never logged.", Effect = SettingEffect.NoMeaning,
            });
    }
}
