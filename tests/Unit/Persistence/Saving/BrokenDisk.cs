using Bixbite.Platform;

namespace Bixbite.Unit.Persistence.Saving;

/// <summary>A disk on which one operation of one file fails, counted from 0, and so does every later one of that file.</summary>
internal sealed class BrokenDisk(IDisk disk, string path, int failureAt) : IDisk
{
    private int _count;

    /// <summary>It has come to the operation that fails.</summary>
    public bool HasFailed => _count > failureAt;

    public int Create(string path, out IDiskFile? file)
    {
        file = null;
        if (Fails(path) is var error and < 0)
        {
            return error;
        }
        int result = disk.Create(path, out IDiskFile? inner);
        file = inner is null ? null : new BrokenFile(this, inner, path);
        return result;
    }

    public int Append(string path, out IDiskFile? file) => disk.Append(path, out file);

    public int Open(string path, out IDiskFile? file) => disk.Open(path, out file);

    public int Rename(string path, string newPath) => Fails(path) is var error and < 0 ? error : disk.Rename(path, newPath);

    public int Delete(string path) => disk.Delete(path);

    public int CreateFolder(string path) => disk.CreateFolder(path);

    public int SyncFolder(string path) => disk.SyncFolder(path);

    public bool Exists(string path) => disk.Exists(path);

    public IReadOnlyList<string> List(string folder) => disk.List(folder);

    private int Fails(string name) => name == path && _count++ >= failureAt ? -Errno.EIO : 0;

    private sealed class BrokenFile(BrokenDisk owner, IDiskFile inner, string name) : IDiskFile
    {
        public long Length => inner.Length;

        public int Read(Span<byte> target) => inner.Read(target);

        public int Write(ReadOnlySpan<byte> bytes) => owner.Fails(name) is var error and < 0 ? error : inner.Write(bytes);

        public int Sync() => owner.Fails(name) is var error and < 0 ? error : inner.Sync();

        public void StartSync() => inner.StartSync();

        public int Truncate(long length) => inner.Truncate(length);

        public void Dispose() => inner.Dispose();
    }
}
