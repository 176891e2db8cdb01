using System.Collections.Concurrent;
using Bixbite.Platform;

namespace Bixbite.Unit.Persistence.Aof;

/// <summary>A disk that is a dictionary, for any threads.</summary>
internal sealed class MemoryDisk : IDisk
{
    public ConcurrentDictionary<string, byte[]> Files { get; } = [];

    public int Create(string path, out IDiskFile? file)
    {
        Files[path] = [];
        file = new MemoryFile(this, path);
        return 0;
    }

    public int Append(string path, out IDiskFile? file)
    {
        Files.TryAdd(path, []);
        file = new MemoryFile(this, path);
        return 0;
    }

    public int Open(string path, out IDiskFile? file)
    {
        file = Files.ContainsKey(path) ? new MemoryFile(this, path) : null;
        return file is null ? -Errno.ENOENT : 0;
    }

    public int Rename(string path, string newPath)
    {
        if (!Files.TryRemove(path, out byte[]? content))
        {
            return -Errno.ENOENT;
        }
        Files[newPath] = content;
        return 0;
    }

    public int Delete(string path) => Files.TryRemove(path, out _) ? 0 : -Errno.ENOENT;

    public int CreateFolder(string path) => 0;

    public int SyncFolder(string path) => 0;

    public bool Exists(string path) => Files.ContainsKey(path);

    public IReadOnlyList<string> List(string folder) =>
        [.. Files.Keys.Where(path => Path.GetDirectoryName(path) == folder).Select(path => Path.GetFileName(path))];

    private sealed class MemoryFile(MemoryDisk disk, string path) : IDiskFile
    {
        private int _position;

        public long Length => disk.Files[path].Length;

        public int Read(Span<byte> target)
        {
            ReadOnlySpan<byte> rest = disk.Files[path].AsSpan(_position);
            int count = Math.Min(rest.Length, target.Length);
            rest[..count].CopyTo(target);
            _position += count;
            return count;
        }

        public int Write(ReadOnlySpan<byte> bytes)
        {
            disk.Files[path] = [.. disk.Files[path], .. bytes];
            return 0;
        }

        public int Sync() => 0;

        public void StartSync()
        {
        }

        public int Truncate(long length)
        {
            disk.Files[path] = disk.Files[path][..(int)length];
            return 0;
        }

        public void Dispose()
        {
        }
    }
}
