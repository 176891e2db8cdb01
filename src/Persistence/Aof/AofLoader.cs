using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Bixbite.Keyspace;
using Bixbite.Logging;
using Bixbite.Memory;
using Bixbite.Persistence.Loading;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;

namespace Bixbite.Persistence.Aof;

/// <summary>
/// Loads an append only log: the files of its manifest, one after the other. A file is requests, or an RDB file, or an RDB file with
/// requests behind it. What to do at the end of a file that did not end well:
/// <code>
///   torn, the last file        cut back to the last whole request or transaction; what is cut off is kept beside it (AofCut)
///   torn, another file         the log was changed by others: stop
///   damaged                    stop, unless so little is behind it that the settings allow to cut it off
///   missing, or unreadable     stop
/// </code>
/// </summary>
internal sealed class AofLoader : ILoader
{
    private readonly AofDirectory _folder;
    private readonly Databases _databases;
    private readonly AccessClock _access;
    private readonly Heap _heap;
    private readonly IAofReplay _replay;
    private readonly SavingTools _tools;
    private readonly AofLoadOptions _options;
    private readonly List<AofFile> _files = [];
    private ILoader? _current;
    private int _index;
    private Totals _totals;

    /// <summary>Reads the manifest, and makes one for the log of an older release.</summary>
    public AofLoader(
        AofDirectory folder, Databases databases, AccessClock access, Heap heap, IAofReplay replay, SavingTools tools,
        AofLoadOptions options)
    {
        _folder = folder;
        _databases = databases;
        _access = access;
        _heap = heap;
        _replay = replay;
        _tools = tools;
        _options = options;
        AofManifest? manifest = folder.Open(tools.Log, out string? problem);
        Problem = problem;
        Manifest = manifest ?? new AofManifest();
        _files.AddRange(Manifest.Files);
        Measure();
    }

    /// <summary>The manifest of the log; empty if there is none.</summary>
    public AofManifest Manifest { get; }

    public long BytesTotal => _totals.Size;

    public long BytesRead => _totals.DoneSize + (_current?.BytesRead ?? 0);

    public LoadFacts Facts { get; } = new();

    public string? Problem { get; private set; }

    public bool Run(Func<bool> isPaused)
    {
        while (Problem is null && (_current is not null || _index < _files.Count))
        {
            _current ??= Open(_files[_index], offset: 0);
            if (_current is not null && !_current.Run(isPaused))
            {
                CountKeys();
                return false;
            }
            if (Problem is null)
            {
                EndPart();
            }
        }
        CountKeys();
        return true;
    }

    public void Dispose() => _current?.Dispose();

    private void CountKeys()
    {
        Facts.KeyCount = 0;
        foreach (Database database in _databases.All)
        {
            Facts.KeyCount += database.Count;
        }
    }

    /// <summary>Every file must be there before the first one is loaded.</summary>
    private void Measure()
    {
        foreach (AofFile file in _files)
        {
            long size = _folder.SizeOf(file);
            if (size < 0)
            {
                Problem ??= size == -Errno.ENOENT
                    ? $"the append log file {_folder.PathOf(file.Name)}, which the manifest names, doesn't exist"
                    : CannotOpen(file, (int)size);
            }
            _totals.Size += Math.Max(size, 0);
        }
    }

    /// <summary>A loader of the file from an offset on; null if it is empty or cannot be opened.</summary>
    private ILoader? Open(AofFile file, long offset)
    {
        if (offset == 0)
        {
            _totals.StartedUs = _tools.Clock.MonotonicUs;
        }
        bool isSnapshot = offset == 0 && BeginsAsSnapshot(file);
        string path = _folder.PathOf(file.Name);
        if (Problem is not null || !TryOpenAt(file, offset, out IDiskFile? open))
        {
            return null;
        }
        if (isSnapshot)
        {
            _tools.Log.Write(
                LogLevel.Notice,
                _folder.IsOldStyle(file) ? "Reading RDB preamble from AOF file..." : "Reading RDB base file on AOF loading...");
            var options = new RdbLoadOptions(
                _options.NowMs, _tools.Codecs, KeepsDueKeys: true, IsChecked: _options.IsChecked, KeyDelayUs: () => _options.KeyDelayUs)
            {
                Records = _tools.Records,
            };
            return new RdbLoader(new FileSource(open, path), _databases, _access, options);
        }
        return new AofFileLoader(open, path, offset, _heap, _replay, _options.KeyDelayUs);
    }

    private bool BeginsAsSnapshot(AofFile file)
    {
        Span<byte> signature = stackalloc byte[5];
        if (!TryOpenAt(file, 0, out IDiskFile? open))
        {
            return false;
        }
        using (open)
        {
            return TryRead(open, signature) && signature.SequenceEqual("REDIS"u8);
        }
    }

    private bool TryOpenAt(AofFile file, long offset, [NotNullWhen(true)] out IDiskFile? open)
    {
        int result = _folder.Disk.Open(_folder.PathOf(file.Name), out open);
        if (result < 0 || open is null)
        {
            Problem = CannotOpen(file, result);
            return false;
        }
        byte[] passed = new byte[Math.Min(offset, 1 << 20)];
        for (long left = offset; left > 0; left -= Math.Min(left, passed.Length))
        {
            if (!TryRead(open, passed.AsSpan(0, (int)Math.Min(left, passed.Length))))
            {
                Problem = $"{_folder.PathOf(file.Name)} became shorter while it was read";
                open.Dispose();
                return false;
            }
        }
        return true;
    }

    private static bool TryRead(IDiskFile file, Span<byte> target)
    {
        while (!target.IsEmpty)
        {
            int count = file.Read(target);
            if (count <= 0)
            {
                return false;
            }
            target = target[count..];
        }
        return true;
    }

    /// <summary>The current loader is over: behind an RDB file come requests, or the file is done.</summary>
    private void EndPart()
    {
        ILoader part = _current!;
        AofFile file = _files[_index];
        using (part)
        {
            if (part is RdbLoader)
            {
                Problem = part.Problem is { } problem ? $"the RDB part of the append only file cannot be loaded: {problem}" : null;
            }
            else
            {
                Problem = Settle((AofFileLoader)part, file);
            }
        }
        _current = null;
        if (Problem is not null)
        {
            return;
        }
        if (part is RdbLoader && part.BytesRead < part.BytesTotal)
        {
            _tools.Log.Write(LogLevel.Notice, "Reading the remaining AOF tail...");
            _current = Open(file, part.BytesRead);
            return;
        }
        _totals.DoneSize += part.BytesTotal;
        _index++;
        double seconds = (_tools.Clock.MonotonicUs - _totals.StartedUs) / 1e6;
        string kind = file.Kind == AofFileKind.Base ? "base" : "incr";
        _tools.Log.Write(
            LogLevel.Notice,
            string.Create(CultureInfo.InvariantCulture, $"DB loaded from {kind} file {file.Name}: {seconds:0.000} seconds"));
    }

    /// <summary>Decides about a file that did not end well; null if it is well now.</summary>
    private string? Settle(AofFileLoader part, AofFile file)
    {
        bool isLast = _files.Skip(_index + 1).All(later => _folder.SizeOf(later) == 0);
        bool isSmall = part.BytesTotal - part.GoodEnd <= _options.DamagedTailSizeMax;
        switch (part.Ending)
        {
            case AofReadStatus.End:
            case AofReadStatus.Failed:
                return part.Problem;
            case AofReadStatus.Torn when !isLast:
                return $"{part.Problem}; this is fatal, since the truncated file is not the last file of the log";
            case AofReadStatus.Torn when !_options.CutsTornTail:
                return $"Unexpected end of file reading the append only file {part.Problem}. You can: "
                    + $"1) Make a backup of your AOF file, then use bixbite-server --check-aof --fix {_folder.ManifestPath}. "
                    + "2) Alternatively you can set the 'aof-load-truncated' configuration option to yes and restart the server";
            case AofReadStatus.Damaged when !isLast || !isSmall:
                return $"Bad file format reading the append only file {part.Problem}. "
                    + $"Make a backup of your AOF file, then use bixbite-server --check-aof --fix {_folder.ManifestPath}";
            default:
                return Cut(part, file);
        }
    }

    private string? Cut(AofFileLoader part, AofFile file)
    {
        string path = _folder.PathOf(file.Name);
        _tools.Log.Write(LogLevel.Warning, $"!!! Warning: short read while loading the AOF file: {part.Problem} !!!");
        if (AofCut.Cut(_folder.Disk, path, part.GoodEnd) is { } problem)
        {
            return $"{part.Problem}; it was not cut off there, since {problem}";
        }
        _tools.Log.Write(
            LogLevel.Warning,
            string.Create(
                CultureInfo.InvariantCulture,
                $"!!! Truncating the AOF {file.Name} at offset {part.GoodEnd} of {part.BytesTotal}; what is cut off is kept in ")
            + $"{AofCut.SidePathOf(path, part.GoodEnd)} !!!");
        _tools.Log.Write(LogLevel.Warning, $"AOF {file.Name} loaded anyway because aof-load-truncated is enabled");
        return null;
    }

    private string CannotOpen(AofFile file, int result) =>
        $"the append log file {_folder.PathOf(file.Name)} cannot be opened: {Errno.Text(-result)}";

    private struct Totals
    {
        public long Size;
        public long DoneSize;
        public long StartedUs;
    }
}
