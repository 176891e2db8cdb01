using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Hosting.Modules;

/// <summary>How oom-score-adj-values are meant.</summary>
public enum OomScoreMode
{
    /// <summary>The score stays as it was.</summary>
    No,

    /// <summary>They are added to the score that the process had.</summary>
    Relative,

    /// <summary>They are the score.</summary>
    Absolute,
}

public sealed class MachineSettings
{
    private const SettingEffect NoMeaning = SettingEffect.NoMeaning;

    public readonly ChoiceSetting<OomScoreMode> OomScoreAdj;
    public readonly OomScoresSetting OomScoreAdjValues;

    public MachineSettings(Settings settings)
    {
        SettingsSection section = settings["Machine"];
        OomScoreAdj = section.Add(new ChoiceSetting<OomScoreMode>(
            "oom-score-adj",
            OomScoreMode.No,
            ("no", OomScoreMode.No),
            ("yes", OomScoreMode.Relative),
            ("relative", OomScoreMode.Relative),
            ("absolute", OomScoreMode.Absolute))
        {
            Description = "Adjust the score by which the kernel chooses whom to end when memory is out; yes is relative.",
        });
        OomScoreAdjValues = section.Add(new OomScoresSetting("oom-score-adj-values", 0, 200, 800)
        {
            Description = "The scores of a primary, a replica and a background process; the last has no meaning, since there is none.",
            Flags = SettingFlags.MultiArgument,
        });
        AddOthers(section);
    }

    private static void AddOthers(SettingsSection section) => section.AddAll(
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
