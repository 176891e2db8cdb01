using Bixbite.Engine.Settings.Kinds;

namespace Bixbite.Engine.Settings.Themes;

internal static class MachineSettings
{
    private const SettingEffect NoMeaning = SettingEffect.NoMeaning;

    public static void AddTo(SettingsSection section) => section.AddAll(
        new WordSetting("oom-score-adj", "no", "no", "yes", "relative", "absolute")
        {
            Description = "Adjust the score by which the kernel chooses whom to kill when memory is out.",
            Effect = SettingEffect.SwitchArrivesLater,
        },
        new OomScoresSetting("oom-score-adj-values", 0, 200, 800)
        {
            Description = "The scores of a primary, a replica and a background process.",
            Flags = SettingFlags.MultiArgument,
            Effect = SettingEffect.ArrivesLater,
        },
        Cpus("server-cpulist", "server_cpulist", "The CPUs to run on.", SettingEffect.ArrivesLater),
        Cpus("bio-cpulist", "bio_cpulist", "There are no background threads.", NoMeaning),
        Cpus("aof-rewrite-cpulist", "aof_rewrite_cpulist", "There is no process that rewrites.", NoMeaning),
        Cpus("bgsave-cpulist", "bgsave_cpulist", "There is no process that saves.", NoMeaning),
        new BoolSetting("set-proc-title", true)
        {
            Description = "The process keeps its title.", Flags = SettingFlags.Immutable, Effect = NoMeaning,
        },
        new TextSetting("proc-title-template", "{title} {listen-addr} {server-mode}")
        {
            Description = "The process keeps its title.", Effect = NoMeaning,
        },
        new BoolSetting("extended-redis-compatibility", false)
        {
            Description = "Replies are those of Redis anyway.", Effect = NoMeaning,
        },
        new TextSetting("locale-collate", "") { Description = "Texts compare by their bytes.", Effect = NoMeaning },
        new TextSetting("ignore-warnings", "") { Description = "No warning about the machine stops the start.", Effect = NoMeaning },
        new BoolSetting("disable-thp", true)
        {
            Description = "Without fork, huge pages do no harm.", Flags = SettingFlags.Immutable, Effect = NoMeaning,
        });

    private static TextSetting Cpus(string name, string alias, string description, SettingEffect effect) =>
        new(name) { Alias = alias, Description = description, Flags = SettingFlags.Immutable, Effect = effect };
}
