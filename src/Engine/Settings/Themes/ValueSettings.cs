using Bixbite.Engine.Settings.Kinds;

namespace Bixbite.Engine.Settings.Themes;

/// <summary>Up to which size values keep their compact form.</summary>
public sealed class ValueSettings
{
    private const SettingEffect Later = SettingEffect.ArrivesLater;

    public readonly BytesSetting HyperLogLogSparseMax;

    internal ValueSettings(SettingsSection section)
    {
        HyperLogLogSparseMax = section.Add(new BytesSetting("hll-sparse-max-bytes", 3000)
        {
            Description = "The size up to which a HyperLogLog stays sparse.",
        });
        section.AddAll(
            new LongSetting("hash-max-listpack-entries", 512)
            {
                Alias = "hash-max-ziplist-entries", Description = "The most fields of a compact hash.", Effect = Later,
            },
            new BytesSetting("hash-max-listpack-value", 64)
            {
                Alias = "hash-max-ziplist-value", Description = "The longest field or value in a compact hash.", Effect = Later,
            },
            new IntSetting("list-max-listpack-size", -2, int.MinValue, int.MaxValue)
            {
                Alias = "list-max-ziplist-size",
                Description = "The size of a node of a list: a count, or -1 to -5 for 4 to 64 kilobytes.",
                Effect = Later,
            },
            new IntSetting("list-compress-depth", 0, 0, int.MaxValue)
            {
                Description = "How many nodes at either end of a list are never compressed; 0 compresses none.", Effect = Later,
            },
            new LongSetting("set-max-intset-entries", 512) { Description = "The most members of a set of integers alone.", Effect = Later },
            new LongSetting("set-max-listpack-entries", 128) { Description = "The most members of a compact set.", Effect = Later },
            new BytesSetting("set-max-listpack-value", 64) { Description = "The longest member of a compact set.", Effect = Later },
            new LongSetting("zset-max-listpack-entries", 128)
            {
                Alias = "zset-max-ziplist-entries", Description = "The most members of a compact sorted set.", Effect = Later,
            },
            new BytesSetting("zset-max-listpack-value", 64)
            {
                Alias = "zset-max-ziplist-value", Description = "The longest member of a compact sorted set.", Effect = Later,
            },
            new BytesSetting("stream-node-max-bytes", 4096) { Description = "The largest node of a stream; 0 is any.", Effect = Later },
            new LongSetting("stream-node-max-entries", 100) { Description = "The most entries of a stream's node.", Effect = Later });
    }
}
