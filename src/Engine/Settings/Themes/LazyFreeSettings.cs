using Bixbite.Engine.Settings.Kinds;

namespace Bixbite.Engine.Settings.Themes;

/// <summary>What is freed in slices between commands rather than at once.</summary>
public sealed class LazyFreeSettings
{
    public readonly BoolSetting Eviction;
    public readonly BoolSetting Expire;
    public readonly BoolSetting ServerDel;
    public readonly BoolSetting UserDel;
    public readonly BoolSetting UserFlush;

    internal LazyFreeSettings(SettingsSection section)
    {
        Eviction = section.Add(new BoolSetting("lazyfree-lazy-eviction", false) { Description = "Free evicted values in slices." });
        Expire = section.Add(new BoolSetting("lazyfree-lazy-expire", false) { Description = "Free expired values in slices." });
        ServerDel = section.Add(new BoolSetting("lazyfree-lazy-server-del", false)
        {
            Description = "Free values that a command overwrites in slices.",
        });
        UserDel = section.Add(new BoolSetting("lazyfree-lazy-user-del", false) { Description = "Let DEL do what UNLINK does." });
        UserFlush = section.Add(new BoolSetting("lazyfree-lazy-user-flush", false)
        {
            Description = "Let FLUSHDB and FLUSHALL be ASYNC unless they say SYNC.",
        });
    }
}
