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

    /// <summary>Has the question asked, after those that came before it, at most <see cref="ThreadsMax"/> at a time.</summary>
    internal void Ask(Action question)
    {
        lock (_lock)
        {
            _questions.Enqueue(question);
            if (_threadCount == ThreadsMax)
            {
                return;
            }
            _threadCount++;
        }
        new Thread(Work) { IsBackground = true, Name = "name-resolver" }.Start();
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
