namespace Bixbite.Platform;

/// <summary>
/// The system's disk, as it looks to a server whose working directory is a folder: so several servers of one process keep their files
/// apart.
/// </summary>
/// <param name="root">A full path; it exists.</param>
public sealed class FolderDisk(string root) : IDisk
{
    public int Create(string path, out IDiskFile? file) => SystemDisk.Instance.Create(Full(path), out file);

    public int CreatePrivate(string path, out IDiskFile? file) => SystemDisk.Instance.CreatePrivate(Full(path), out file);

    public int CopyMode(string from, string to) => SystemDisk.Instance.CopyMode(Full(from), Full(to));

    public int Append(string path, out IDiskFile? file) => SystemDisk.Instance.Append(Full(path), out file);

    public int Open(string path, out IDiskFile? file) => SystemDisk.Instance.Open(Full(path), out file);

    public int Rename(string path, string newPath) => SystemDisk.Instance.Rename(Full(path), Full(newPath));

    public int Delete(string path) => SystemDisk.Instance.Delete(Full(path));

    public int CreateFolder(string path) => SystemDisk.Instance.CreateFolder(Full(path));

    public int SyncFolder(string path) => SystemDisk.Instance.SyncFolder(Full(path));

    public int Lock(string path, out IDisposable? hold, out int holderId) =>
        SystemDisk.Instance.Lock(Full(path), out hold, out holderId);

    public bool Exists(string path) => SystemDisk.Instance.Exists(Full(path));

    public IReadOnlyList<string> List(string folder) => SystemDisk.Instance.List(Full(folder));

    /// <summary>The folder stands in place of the process' directory; a full path is what it is.</summary>
    public string Full(string path) => Path.GetFullPath(path, root);
}
