using Bixbite.Engine.Settings.Kinds;

namespace Bixbite.Engine.Settings.Themes;

/// <summary>What is freed in slices between commands rather than at once. A single value is worth it once there are collections.</summary>
public sealed class LazyFreeSettings
{
    private const SettingEffect Later = SettingEffect.ArrivesLater;

    public readonly BoolSetting Eviction;
    public readonly BoolSetting Expire;
    public readonly BoolSetting ServerDel;
    public readonly BoolSetting UserDel;
    public readonly BoolSetting UserFlush;

    internal LazyFreeSettings(SettingsSection section)
    {
        Eviction = section.Add(new BoolSetting("lazyfree-lazy-eviction", false)
        {
            Description = "Free large evicted values in slices.", Effect = Later,
        });
        Expire = section.Add(new BoolSetting("lazyfree-lazy-expire", false)
        {
            Description = "Free large expired values in slices.", Effect = Later,
        });
        ServerDel = section.Add(new BoolSetting("lazyfree-lazy-server-del", false)
        {
            Description = "Free large values that a command overwrites in slices.", Effect = Later,
        });
        UserDel = section.Add(new BoolSetting("lazyfree-lazy-user-del", false)
        {
            Description = "Let DEL do what UNLINK does.", Effect = Later,
        });
        UserFlush = section.Add(new BoolSetting("lazyfree-lazy-user-flush", false)
        {
            Description = "Let FLUSHDB and FLUSHALL be ASYNC unless they say SYNC.",
        });
    }
}
