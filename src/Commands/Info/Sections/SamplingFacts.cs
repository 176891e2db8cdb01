using Bixbite.Engine.Facts;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Sampling;

namespace Bixbite.Commands.Info.Sections;

/// <summary>How sure hot keys are, as Valkey 9.2 tells it.</summary>
public static class SamplingFacts
{
    public static void AddTo(ServerBuilder server)
    {
        HotKeys hotKeys = server.Get<RequestSampler>().HotKeys;
        InfoSection section = server.Info["Hotkeys"];
        section.Gauge("hotkeys_last_window_samples", () => hotKeys.WindowSamples);
        section.Gauge("hotkeys_last_window_duration_ms", () => hotKeys.WindowUs / 1000, FactUnit.Milliseconds);
        section.Gauge("hotkeys_sampled_one_in", () => hotKeys.Ratio);
    }
}
