using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Keyspace;

/// <summary>Up to which size values keep their compact form.</summary>
public sealed class ValueSettings
{
    public readonly BytesSetting HyperLogLogSparseMax;
    public readonly LongSetting HashListpackEntriesMax;
    public readonly BytesSetting HashListpackValueSizeMax;
    public readonly IntSetting ListListpackSize;
    public readonly LongSetting SetIntsetEntriesMax;
    public readonly LongSetting SetListpackEntriesMax;
    public readonly BytesSetting SetListpackValueSizeMax;
    public readonly LongSetting SortedSetListpackEntriesMax;
    public readonly BytesSetting SortedSetListpackValueSizeMax;
    public readonly BytesSetting StreamNodeSizeMax;
    public readonly LongSetting StreamNodeEntriesMax;

    public ValueSettings(Settings settings)
    {
        SettingsSection section = settings["Encodings of values"];
        HyperLogLogSparseMax = section.Add(new BytesSetting("hll-sparse-max-bytes", 3000)
        {
            Description = "The size up to which a HyperLogLog stays sparse.",
        });
        HashListpackEntriesMax = section.Add(new LongSetting("hash-max-listpack-entries", 512)
        {
            Alias = "hash-max-ziplist-entries", Description = "The most fields of a compact hash.",
        });
        HashListpackValueSizeMax = section.Add(new BytesSetting("hash-max-listpack-value", 64)
        {
            Alias = "hash-max-ziplist-value", Description = "The longest field or value in a compact hash.",
        });
        ListListpackSize = section.Add(new IntSetting("list-max-listpack-size", -2, int.MinValue, int.MaxValue)
        {
            Alias = "list-max-ziplist-size", Description = "The size of a node of a list: a count, or -1 to -5 for 4 to 64 kilobytes.",
        });
        SetIntsetEntriesMax = section.Add(new LongSetting("set-max-intset-entries", 512)
        {
            Description = "The most members of a set of integers alone.",
        });
        SetListpackEntriesMax = section.Add(new LongSetting("set-max-listpack-entries", 128)
        {
            Description = "The most members of a compact set.",
        });
        SetListpackValueSizeMax = section.Add(new BytesSetting("set-max-listpack-value", 64)
        {
            Description = "The longest member of a compact set.",
        });
        SortedSetListpackEntriesMax = section.Add(new LongSetting("zset-max-listpack-entries", 128)
        {
            Alias = "zset-max-ziplist-entries", Description = "The most members of a compact sorted set.",
        });
        SortedSetListpackValueSizeMax = section.Add(new BytesSetting("zset-max-listpack-value", 64)
        {
            Alias = "zset-max-ziplist-value", Description = "The longest member of a compact sorted set.",
        });
        StreamNodeSizeMax = section.Add(new BytesSetting("stream-node-max-bytes", 4096)
        {
            Description = "The largest node of a stream; 0 is any.",
        });
        StreamNodeEntriesMax = section.Add(new LongSetting("stream-node-max-entries", 100)
        {
            Description = "The most entries of a stream's node; 0 is any number.",
        });
        section.AddAll(
            new IntSetting("list-compress-depth", 0, 0, int.MaxValue)
            {
                Description = "How many nodes at either end of a list are never compressed; 0 compresses none.",
                Effect = SettingEffect.NoMeaning,
            });
    }
}
