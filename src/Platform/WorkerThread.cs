namespace Bixbite.Platform;

/// <summary>
/// Threads for one job: a snapshot, an fsync, a file that comes in. The system may have none to give; that is the job's failure, and not
/// the process' end.
/// </summary>
public static class WorkerThread
{
    /// <summary>Why <see cref="TryStart"/> gave none, for the log and whoever asked for the job.</summary>
    public const string Refusal = "no thread can be started: the system has no memory, no descriptor or no thread left";

    /// <summary>
    /// Begins the work on a thread in the background. Null if there can be none: the work is not done then, and may be tried again.
    /// </summary>
    /// <param name="name">The thread's name.</param>
    /// <param name="work">Throws nothing: that would end the process.</param>
    /// <param name="stackSizeMax">Bytes of its stack; 0 for the usual size.</param>
    public static Thread? TryStart(string name, Action work, int stackSizeMax = 0)
    {
        var thread = new Thread(work.Invoke, stackSizeMax) { IsBackground = true, Name = name };
        try
        {
            thread.Start();
            return thread;
        }
        catch (Exception refusal) when (refusal is OutOfMemoryException or ThreadStartException)
        {
            return null;
        }
    }
}
