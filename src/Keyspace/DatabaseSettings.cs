using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Keyspace;

/// <summary>How many databases there are.</summary>
public sealed class DatabaseSettings
{
    public readonly IntSetting Count;

    public DatabaseSettings(Settings settings) =>
        Count = settings["Server"].Add(new IntSetting("databases", 16, 1, int.MaxValue)
        {
            Description = "How many databases SELECT can choose from.", Flags = SettingFlags.Immutable,
        });
}
