namespace Bixbite.Platform;

/// <summary>
/// The files that must survive: every operation whose order matters for that goes through here, so a test can put a disk in its place that
/// fails, fills up or loses what was not synced. Results are the kernel's; failures are negative errno values.
/// </summary>
public interface IDisk
{
    /// <summary>A new empty file for writing, in place of one that is there.</summary>
    public int Create(string path, out IDiskFile? file);

    /// <summary>As <see cref="Create"/>, a file that its owner alone may read and write.</summary>
    public int CreatePrivate(string path, out IDiskFile? file) => Create(path, out file);

    /// <summary>Gives a file the mode of the one whose place it is about to take, if there is one.</summary>
    public int CopyMode(string from, string to) => 0;

    /// <summary>An existing file, or a new one, for writing at its end.</summary>
    public int Append(string path, out IDiskFile? file);

    /// <summary>An existing file for reading from its start.</summary>
    public int Open(string path, out IDiskFile? file);

    /// <summary>Gives a file another name, in one step; one that had the name is gone.</summary>
    public int Rename(string path, string newPath);

    public int Delete(string path);

    public int CreateFolder(string path);

    /// <summary>Returns when the names in a folder are as durable as its files.</summary>
    public int SyncFolder(string path);

    /// <summary>
    /// Takes what a file stands for, until <paramref name="hold"/> is disposed or the process is gone; the file is made if there is none,
    /// and stays. EAGAIN if somebody else has it: <paramref name="holderId"/> is that process, or 0 if it is not known. Where the file
    /// system knows no locks there is a hold all the same.
    /// </summary>
    public int Lock(string path, out IDisposable? hold, out int holderId)
    {
        hold = null;
        holderId = 0;
        return 0;
    }

    public bool Exists(string path);

    /// <summary>
    /// The path from the file system's root on: what people are told, and what stays the same file wherever the process goes.
    /// </summary>
    public string Full(string path) => Paths.Full(path);

    /// <summary>The names of the files in a folder; none where there is no folder.</summary>
    public IReadOnlyList<string> List(string folder);
}

/// <summary>One open file; it is closed when disposed.</summary>
public interface IDiskFile : IDisposable
{
    public long Length { get; }

    /// <summary>Reads some bytes from where the last reading ended; 0 at the end.</summary>
    public int Read(Span<byte> target);

    /// <summary>
    /// Reads some bytes from an offset on, whatever was read before; 0 at the end. EINVAL where only reading in order is known.
    /// </summary>
    public int Read(long offset, Span<byte> target) => -Errno.EINVAL;

    /// <summary>Writes all bytes or fails; a part of them may be written then.</summary>
    public int Write(ReadOnlySpan<byte> bytes);

    /// <summary>Returns when everything written is durable.</summary>
    public int Sync();

    /// <summary>Sends what is written on its way to the disk without waiting for it. It promises nothing.</summary>
    public void StartSync();

    /// <summary>
    /// Asks for the space of a file of so many bytes ahead, so that syncs on the way there have less to do. It promises nothing, and the
    /// length stays; <see cref="Truncate"/> gives back what is not used.
    /// </summary>
    public void Reserve(long length)
    {
    }

    /// <summary>Cuts the file off.</summary>
    public int Truncate(long length);
}
