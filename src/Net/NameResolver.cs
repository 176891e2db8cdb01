using Bixbite.Platform;

namespace Bixbite.Net;

/// <summary>
/// Asks for the addresses of names on threads of its own, since that may take seconds and cannot be broken off. A thread that finds nothing
/// to ask ends, so a loop that connects nowhere has none.
/// </summary>
internal sealed class NameResolver
{
    internal const int ThreadsMax = 4;

    private readonly Lock _lock = new();
    private readonly Queue<Action> _questions = [];
    private int _threadCount;

    /// <summary>
    /// Has the question asked, after those that came before it, at most <see cref="ThreadsMax"/> at a time; false if there is no thread and
    /// none can be started.
    /// </summary>
    internal bool TryAsk(Action question)
    {
        lock (_lock)
        {
            if (_threadCount < ThreadsMax && WorkerThread.TryStart("name-resolver", Work) is not null)
            {
                _threadCount++;
            }
            if (_threadCount == 0)
            {
                return false;
            }
            _questions.Enqueue(question);
            return true;
        }
    }

    private void Work()
    {
        while (Next() is { } question)
        {
            question();
        }
    }

    private Action? Next()
    {
        lock (_lock)
        {
            if (_questions.TryDequeue(out Action? question))
            {
                return question;
            }
            _threadCount--;
            return null;
        }
    }
}
