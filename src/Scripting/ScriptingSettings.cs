using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Scripting;

public sealed class ScriptingSettings
{
    public readonly LongSetting BusyReplyThresholdMs;
    public readonly BoolSetting BusyAnswersProbes;
    public readonly LongSetting ScriptMaxTimeMs;
    public readonly BytesSetting ScriptMaxMemory;
    public readonly BoolSetting ScriptAbortAfterWrites;

    public ScriptingSettings(Settings settings)
    {
        SettingsSection section = settings["Access control and scripts"];
        BusyReplyThresholdMs = section.Add(new LongSetting("busy-reply-threshold", 5000)
        {
            Alias = "lua-time-limit",
            Description = "Milliseconds after which a running script goes on in slices, while others are told that the server is busy; "
                + "0 lets them wait.",
        });
        BusyAnswersProbes = section.Add(new BoolSetting("busy-answers-probes", false)
        {
            Description = "While a script runs long, answer PING and INFO as ever and not with BUSY, so that a probe of the server's "
                + "health does not end it.",
        });
        ScriptMaxTimeMs = section.Add(new LongSetting("script-max-time", 0)
        {
            Description = "Milliseconds after which a script or function that has not written is ended with an error; 0 ends none.",
        });
        ScriptMaxMemory = section.Add(new BytesSetting("script-max-memory", 0)
        {
            Description = "The memory that the values of one script or function may take; one that has written is not stopped by it. "
                + "0 is no limit but half of the machine's memory, which ends every script.",
        });
        ScriptAbortAfterWrites = section.Add(new BoolSetting("script-abort-after-writes", false)
        {
            Description = "End also scripts that have written when they exceed script-max-time or script-max-memory: what they have "
                + "written stays.",
        });
    }
}
