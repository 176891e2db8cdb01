namespace Bixbite.Platform;

/// <summary>
/// Files in memory alone, for a server that leaves nothing on a disk: they go with this object, and with whoever has them open. A file that
/// was renamed, replaced or deleted lives on for those who have it open, as on a disk. Any thread.
/// </summary>
public sealed class RamDisk : IDisk
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Content> _files = new(StringComparer.Ordinal);

    public int Create(string path, out IDiskFile? file)
    {
        Content content = new();
        lock (_lock)
        {
            _files[Path.GetFullPath(path)] = content;
        }
        file = new RamFile(content);
        return 0;
    }

    public int Append(string path, out IDiskFile? file)
    {
        lock (_lock)
        {
            string name = Path.GetFullPath(path);
            if (!_files.TryGetValue(name, out Content? content))
            {
                _files.Add(name, content = new Content());
            }
            file = new RamFile(content);
        }
        return 0;
    }

    public int Open(string path, out IDiskFile? file)
    {
        lock (_lock)
        {
            file = _files.TryGetValue(Path.GetFullPath(path), out Content? content) ? new RamFile(content) : null;
        }
        return file is null ? -Errno.ENOENT : 0;
    }

    public int Rename(string path, string newPath)
    {
        lock (_lock)
        {
            if (!_files.Remove(Path.GetFullPath(path), out Content? content))
            {
                return -Errno.ENOENT;
            }
            _files[Path.GetFullPath(newPath)] = content;
        }
        return 0;
    }

    public int Delete(string path)
    {
        lock (_lock)
        {
            return _files.Remove(Path.GetFullPath(path)) ? 0 : -Errno.ENOENT;
        }
    }

    /// <remarks>Every folder is there.</remarks>
    public int CreateFolder(string path) => 0;

    public int SyncFolder(string path) => 0;

    public bool Exists(string path)
    {
        lock (_lock)
        {
            return _files.ContainsKey(Path.GetFullPath(path));
        }
    }

    public IReadOnlyList<string> List(string folder)
    {
        string wanted = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        lock (_lock)
        {
            return [.. _files.Keys.Where(path => Path.GetDirectoryName(path) == wanted).Select(static path => Path.GetFileName(path))];
        }
    }

    /// <summary>The bytes of a file, in chunks so that none is ever moved.</summary>
    private sealed class Content
    {
        private const int ChunkSize = 64 * 1024;

        private readonly Lock _lock = new();
        private readonly List<byte[]> _chunks = [];
        private long _length;

        internal long Length
        {
            get
            {
                lock (_lock)
                {
                    return _length;
                }
            }
        }

        internal int Read(long offset, Span<byte> target)
        {
            lock (_lock)
            {
                if (offset >= _length)
                {
                    return 0;
                }
                ReadOnlySpan<byte> chunk = _chunks[(int)(offset / ChunkSize)].AsSpan((int)(offset % ChunkSize));
                int count = (int)Math.Min(Math.Min(chunk.Length, target.Length), _length - offset);
                chunk[..count].CopyTo(target);
                return count;
            }
        }

        internal void Add(ReadOnlySpan<byte> bytes)
        {
            lock (_lock)
            {
                while (bytes.Length > 0)
                {
                    int start = (int)(_length % ChunkSize);
                    if (_length / ChunkSize == _chunks.Count)
                    {
                        _chunks.Add(new byte[ChunkSize]);
                    }
                    int count = Math.Min(ChunkSize - start, bytes.Length);
                    bytes[..count].CopyTo(_chunks[^1].AsSpan(start));
                    bytes = bytes[count..];
                    _length += count;
                }
            }
        }

        internal void Truncate(long length)
        {
            lock (_lock)
            {
                _length = Math.Min(_length, length);
                int chunkCount = (int)((_length + ChunkSize - 1) / ChunkSize);
                _chunks.RemoveRange(chunkCount, _chunks.Count - chunkCount);
            }
        }
    }

    /// <summary>A file that somebody has open; writing is at its end.</summary>
    private sealed class RamFile(Content content) : IDiskFile
    {
        private long _readEnd;

        public long Length => content.Length;

        public int Read(Span<byte> target)
        {
            int count = content.Read(_readEnd, target);
            _readEnd += count;
            return count;
        }

        public int Read(long offset, Span<byte> target) => content.Read(offset, target);

        public int Write(ReadOnlySpan<byte> bytes)
        {
            content.Add(bytes);
            return 0;
        }

        public int Sync() => 0;

        public void StartSync()
        {
        }

        public int Truncate(long length)
        {
            content.Truncate(length);
            return 0;
        }

        public void Dispose()
        {
        }
    }
}
