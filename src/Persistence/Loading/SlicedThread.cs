using Bixbite.Platform;

namespace Bixbite.Persistence.Loading;

/// <summary>
/// Work that is written as if it could wait, done in slices: a thread that runs only while another one waits for it, so that the two are
/// like one.
/// <code>
///   owner   | Resume: waits ......... | goes on         | Resume: waits ...... |
///   work                | ... Yield   |                       | ... ends       |
/// </code>
/// Who waits sleeps at once, and leaves its processor to those who work.
/// </summary>
internal sealed class SlicedThread : IDisposable
{
    private readonly Thread? _thread;
    private readonly Doorbell _resumed = new();
    private readonly Doorbell _yielded = new();

    /// <summary>It is the work's turn. Each side changes it only in its own turn.</summary>
    private volatile bool _isWorking;

    /// <summary>Where no thread can be started, the work is over before it has begun.</summary>
    public SlicedThread(Action work, string name)
    {
        _thread = WorkerThread.TryStart(
            name,
            () =>
            {
                AwaitTurn();
                work();
                IsOver = true;
                EndTurn();
            });
        IsOver = !HasThread;
    }

    /// <summary>There could be a thread.</summary>
    public bool HasThread => _thread is not null;

    /// <summary>The work is done.</summary>
    public bool IsOver { get; private set; }

    /// <summary>By the owner: the work goes on until it yields or is done.</summary>
    public void Resume()
    {
        if (IsOver)
        {
            return;
        }
        _isWorking = true;
        _resumed.Ring();
        while (_isWorking)
        {
            _yielded.Wait();
        }
    }

    /// <summary>By the work: the owner goes on until it resumes it.</summary>
    public void Yield()
    {
        EndTurn();
        AwaitTurn();
    }

    /// <summary>When the work is done.</summary>
    public void Dispose()
    {
        _thread?.Join();
        _resumed.Dispose();
        _yielded.Dispose();
    }

    private void EndTurn()
    {
        _isWorking = false;
        _yielded.Ring();
    }

    private void AwaitTurn()
    {
        while (!_isWorking)
        {
            _resumed.Wait();
        }
    }
}
