using Bixbite.Platform;

namespace Bixbite.Fuzz.Targets;

/// <summary>A disk with one file, whatever it is called, and one more that takes its place when it is renamed.</summary>
internal sealed class OneFileDisk(byte[] content) : IDisk
{
    private byte[] _content = content;
    private byte[] _next = [];

    public int Create(string path, out IDiskFile? file)
    {
        file = new Writing(this);
        return 0;
    }

    public int Append(string path, out IDiskFile? file)
    {
        file = null;
        return -Errno.EROFS;
    }

    public int Open(string path, out IDiskFile? file)
    {
        file = new MemoryFile(_content);
        return 0;
    }

    public int Rename(string path, string newPath)
    {
        _content = _next;
        return 0;
    }

    public int Delete(string path) => 0;

    public int CreateFolder(string path) => 0;

    public int SyncFolder(string path) => 0;

    public bool Exists(string path) => true;

    public IReadOnlyList<string> List(string folder) => [];

    private sealed class Writing(OneFileDisk disk) : IDiskFile
    {
        private readonly List<byte> _bytes = [];

        public long Length => _bytes.Count;

        public int Read(Span<byte> target) => -Errno.EINVAL;

        public int Write(ReadOnlySpan<byte> bytes)
        {
            _bytes.AddRange(bytes);
            return 0;
        }

        public int Sync()
        {
            disk._next = [.. _bytes];
            return 0;
        }

        public void StartSync()
        {
        }

        public int Truncate(long length) => -Errno.EINVAL;

        public void Dispose()
        {
        }
    }
}
