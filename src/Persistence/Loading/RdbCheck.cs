using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Persistence.Values;
using Bixbite.Platform;
using Bixbite.Types;

namespace Bixbite.Persistence.Loading;

/// <summary>Reads an RDB file as the server would, and keeps nothing of it.</summary>
public sealed class RdbCheck : IDisposable
{
    private readonly Heap _heap = new();
    private readonly RdbLoader _loader;

    private RdbCheck(IDiskFile file, string path, ValueCodecs codecs, long nowMs, bool isChecked)
    {
        var time = new CommandTime();
        time.Set(nowMs);
        var access = new AccessClock(time);
        var databases = new Databases(1, new ValueContext(_heap, 0) { Types = codecs.Types }, access, new LazyFree());
        var options = new RdbLoadOptions(nowMs, codecs, KeepsDueKeys: true, IsChecked: isChecked, IsDry: true);
        _loader = new RdbLoader(new FileSource(file, path), databases, access, options);
    }

    /// <summary>Gets what stands between the keys, as redis-check-rdb tells it, and the offset behind it.</summary>
    public Action<string, long>? Noted
    {
        set => _loader.Noted = value;
    }

    public LoadFacts Facts => _loader.Facts;

    public string? Problem => _loader.Problem;

    /// <summary>Where it stands; at the end, behind the file's last byte, or behind what made no sense.</summary>
    public long Offset => _loader.BytesRead;

    /// <summary>The key that was read last, or is being read.</summary>
    public string LatestKey => _loader.LatestKey;

    public long Length => _loader.BytesTotal;

    /// <summary>Opens the file; null, and a negative errno value, if it cannot be had.</summary>
    public static RdbCheck? Open(IDisk disk, string path, ValueCodecs codecs, long nowMs, out int result)
    {
        result = disk.Open(path, out IDiskFile? file);
        return result < 0 || file is null ? null : new RdbCheck(file, path, codecs, nowMs, isChecked: true);
    }

    /// <summary>Reads a file whose checksum does not matter, and closes it.</summary>
    internal static RdbCheck Of(IDiskFile file, string path, ValueCodecs codecs, long nowMs) =>
        new(file, path, codecs, nowMs, isChecked: false);

    /// <summary>Reads on until <paramref name="isPaused"/>; true when it is over.</summary>
    public bool Run(Func<bool> isPaused) => _loader.Run(isPaused);

    public void Dispose()
    {
        _loader.Dispose();
        _heap.Dispose();
    }
}
