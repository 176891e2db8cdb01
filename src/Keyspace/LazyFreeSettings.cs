using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Keyspace;

/// <summary>
/// Which values are freed in slices between commands rather than at once. Large values that expire, are evicted or overwritten always are:
/// nothing is to be gained from a pause.
/// </summary>
public sealed class LazyFreeSettings
{
    public readonly BoolSetting UserDel;
    public readonly BoolSetting UserFlush;

    public LazyFreeSettings(Settings settings)
    {
        SettingsSection section = settings["Lazy freeing"];
        section.AddAll(
            Always("lazyfree-lazy-eviction", "Free large evicted values in slices: always done."),
            Always("lazyfree-lazy-expire", "Free large expired values in slices: always done."),
            Always("lazyfree-lazy-server-del", "Free large values that a command overwrites in slices: always done."));
        UserDel = section.Add(new BoolSetting("lazyfree-lazy-user-del", false)
        {
            Description = "Let DEL do what UNLINK does.",
        });
        UserFlush = section.Add(new BoolSetting("lazyfree-lazy-user-flush", false)
        {
            Description = "Let FLUSHDB, FLUSHALL, SCRIPT FLUSH and FUNCTION FLUSH be ASYNC unless they say SYNC.",
        });
    }

    private static BoolSetting Always(string name, string description) =>
        new(name, false) { Description = description, Effect = SettingEffect.NoMeaning };
}
