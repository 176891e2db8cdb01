using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Engine.Sampling;

public sealed class HotKeySettings
{
    public readonly BoolSetting Statistics;
    public readonly IntSetting TopCount;
    public readonly IntSetting SamplingPercentage;
    public readonly IntSetting WindowSeconds;

    public HotKeySettings(Settings settings)
    {
        SettingsSection section = settings["Observability"];
        Statistics = section.Add(new BoolSetting("key-statistics", true)
        {
            Description = "Know which keys are hot and which are big, always, by looking at some requests and changes.",
        });
        TopCount = section.Add(new IntSetting("hotkeys-top-k", 0, 0, 1000)
        {
            Description = "How many keys HOTKEYS GET answers in Valkey's form while nobody tracks hot keys as in Redis; "
                + "0 answers nothing then. More than 128 are never known.",
        });
        SamplingPercentage = section.Add(new IntSetting("hotkeys-sampling-percentage", 1, 1, 100)
        {
            Description = "The percentage of requests that is looked at at least to find hot keys; with few requests it is more.",
        });
        WindowSeconds = section.Add(new IntSetting("hotkeys-window-seconds", 60, 1, 300)
        {
            Description = "Seconds in which the uses of keys are counted together.",
        });
    }
}
