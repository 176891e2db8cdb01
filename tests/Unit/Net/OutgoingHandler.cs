using System.Collections.Concurrent;
using System.Text;
using Bixbite.Memory;
using Bixbite.Net;

namespace Bixbite.Unit.Net;

/// <summary>
/// Notes what becomes of connections outwards, each named by its state. Checks on the way that the loop keeps its contract.
/// </summary>
internal sealed class OutgoingHandler : IOutgoingHandler, ILoopUser
{
    private readonly List<(Connection Connection, ulong Address, int Length)> _batch = [];
    private readonly HashSet<Connection> _open = [];

    /// <summary>Who was told of what: "opened", "failed: ...", "closed", and what was received.</summary>
    internal ConcurrentQueue<(object? Name, string Event)> Events { get; } = [];

    internal ConcurrentQueue<string> Mistakes { get; } = [];

    internal int OpenedCount { get; private set; }

    internal int ClosedCount { get; private set; }

    internal Action<Connection>? OnOpened { get; set; }

    internal Action<ConnectAttempt>? OnFailed { get; set; }

    internal int CountOf(string what) => Events.Count(each => each.Event == what);

    /// <summary>All that was received by the connection of that name.</summary>
    internal string TextOf(object name) =>
        string.Concat(Events.Where(each => name.Equals(each.Name) && each.Event.StartsWith('<')).Select(each => each.Event[1..]));

    public void Opened(Connection connection)
    {
        Check(connection.Loop.IsCurrent && connection.Loop.Lock.Owner == connection.Loop, "opened without the lock");
        Check(_open.Add(connection), "opened twice");
        OpenedCount++;
        Events.Enqueue((connection.State, "opened"));
        OnOpened?.Invoke(connection);
    }

    public void ConnectFailed(ConnectAttempt attempt, ConnectFailure failure)
    {
        Check(attempt.Stage == ConnectStage.Failed, "told of a failure in another stage");
        Events.Enqueue((attempt.State, $"failed: {failure}"));
        OnFailed?.Invoke(attempt);
    }

    public void Received(Connection connection, ulong address, int length) => _batch.Add((connection, address, length));

    public void Execute()
    {
        foreach ((Connection connection, ulong address, int length) in _batch)
        {
            Check(_open.Contains(connection), "received while not open");
            Events.Enqueue((connection.State, "<" + Encoding.ASCII.GetString(Native.Bytes(address, length))));
            connection.Consume(length, again: false);
        }
        _batch.Clear();
    }

    public void Closed(Connection connection)
    {
        Check(_open.Remove(connection), "closed while not open");
        ClosedCount++;
        Events.Enqueue((connection.State, "closed"));
    }

    public int Tick() => 100;

    private void Check(bool holds, string mistake)
    {
        if (!holds)
        {
            Mistakes.Enqueue(mistake);
        }
    }
}
