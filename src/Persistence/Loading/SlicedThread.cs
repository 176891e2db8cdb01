namespace Bixbite.Persistence.Loading;

/// <summary>
/// Work that is written as if it could wait, done in slices: a thread that runs only while another one waits for it, so that the two are
/// like one.
/// <code>
///   owner   | Resume: waits ......... | goes on         | Resume: waits ...... |
///   work                | ... Yield   |                       | ... ends       |
/// </code>
/// </summary>
internal sealed class SlicedThread : IDisposable
{
    private readonly Thread _thread;
    private readonly SemaphoreSlim _resumed = new(0);
    private readonly SemaphoreSlim _yielded = new(0);

    public SlicedThread(Action work, string name)
    {
        _thread = new Thread(() =>
        {
            _resumed.Wait();
            work();
            IsOver = true;
            _yielded.Release();
        })
        {
            IsBackground = true,
            Name = name,
        };
        _thread.Start();
    }

    /// <summary>The work is done.</summary>
    public bool IsOver { get; private set; }

    /// <summary>By the owner: the work goes on until it yields or is done.</summary>
    public void Resume()
    {
        if (!IsOver)
        {
            _resumed.Release();
            _yielded.Wait();
        }
    }

    /// <summary>By the work: the owner goes on until it resumes it.</summary>
    public void Yield()
    {
        _yielded.Release();
        _resumed.Wait();
    }

    /// <summary>When the work is done.</summary>
    public void Dispose()
    {
        _thread.Join();
        _resumed.Dispose();
        _yielded.Dispose();
    }
}
