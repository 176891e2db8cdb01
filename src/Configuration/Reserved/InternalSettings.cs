using Bixbite.Configuration.Kinds;

namespace Bixbite.Configuration.Reserved;

/// <summary>Settings that only tests and debugging of a server use.</summary>
internal static class InternalSettings
{
    private const SettingEffect NoMeaning = SettingEffect.NoMeaning;

    public static void AddTo(SettingsSection section) => section.AddAll(
        Number(
            "loading-process-events-interval-bytes", 2 << 20, 1024, "Loading looks after clients in short intervals.", NoMeaning),
        new IntSetting("prefetch-batch-max-size", 16, 0, 128)
        {
            Description = "All requests of a round are prefetched.", Flags = SettingFlags.Hidden, Effect = NoMeaning,
        },
        Number("watchdog-period", 0, 0, "There is no watchdog.", NoMeaning),
        new BoolSetting("use-exit-on-panic", false)
        {
            Description = "How the process ends is the runtime's affair.", Flags = SettingFlags.Hidden, Effect = NoMeaning,
        });

    private static IntSetting Number(string name, int standard, int min, string description, SettingEffect effect) =>
        new(name, standard, min, int.MaxValue) { Description = description, Flags = SettingFlags.Hidden, Effect = effect };
}
