using System.Collections;
using System.Diagnostics;

namespace Bixbite.Engine.Sessions;

/// <summary>
/// All connected sessions, in the order in which they came, which is that of their ids. One that has left leaves a gap; gaps are closed
/// when there are more of them than sessions.
/// </summary>
public sealed class SessionTable
{
    private const int GapCountMin = 64;

    private readonly List<Session?> _sessions = [];
    private readonly List<long> _ids = [];
    private long _lastId;

    public int Count { get; private set; }

    /// <summary>
    /// Sessions by ascending id, without those whose connections are being cut: whoever is cut has left for everybody else. None may come
    /// or go while they are walked through.
    /// </summary>
    public SessionList All => new(_sessions);

    /// <summary>The id that was given last.</summary>
    public long LastId => _lastId;

    public long NextId() => ++_lastId;

    /// <summary>Bytes that all of them make the engine hold.</summary>
    public long StateBytes { get; private set; }

    /// <summary>
    /// Bytes held by those whose connections are being cut, with their buffers: still there, and about to be freed.
    /// </summary>
    public long LeavingBytes { get; private set; }

    /// <summary>Called before the name or the user of a session becomes another one; null if nobody wants to know.</summary>
    public Action<Session>? Renaming { get; set; }

    public void Add(Session session)
    {
        Debug.Assert(_ids.Count == 0 || session.Id > _ids[^1], "ids only grow");
        _sessions.Add(session);
        _ids.Add(session.Id);
        Count++;
        session.Table = this;
        StateBytes += session.StateBytes;
    }

    public bool Remove(Session session)
    {
        int index = _ids.BinarySearch(session.Id);
        if (index < 0 || _sessions[index] is null)
        {
            return false;
        }
        _sessions[index] = null;
        Count--;
        session.Table = null;
        StateBytes -= session.StateBytes;
        LeavingBytes -= session.LeavingBytes;
        if (_sessions.Count - Count > Math.Max(Count, GapCountMin))
        {
            CloseGaps();
        }
        return true;
    }

    /// <summary>A session of the table holds so many bytes more.</summary>
    internal void CountState(long bytes) => StateBytes += bytes;

    /// <summary>A session of the table is being cut that holds so many bytes.</summary>
    internal void CountLeaving(long bytes) => LeavingBytes += bytes;

    /// <summary>The session of this id; null also where its connection is being cut.</summary>
    public Session? Find(long id)
    {
        int index = _ids.BinarySearch(id);
        return index >= 0 && _sessions[index] is { } session && !session.Has(SessionFlags.Gone) ? session : null;
    }

    private void CloseGaps()
    {
        _sessions.RemoveAll(static session => session is null);
        _ids.Clear();
        foreach (Session? session in _sessions)
        {
            _ids.Add(session!.Id);
        }
    }
}

/// <summary>The sessions of a table that have not left and are not being cut.</summary>
public readonly struct SessionList(List<Session?> sessions) : IEnumerable<Session>
{
    public Enumerator GetEnumerator() => new(sessions.GetEnumerator());

    IEnumerator<Session> IEnumerable<Session>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public struct Enumerator(List<Session?>.Enumerator inner) : IEnumerator<Session>
    {
        private List<Session?>.Enumerator _inner = inner;

        public readonly Session Current => _inner.Current!;

        readonly object IEnumerator.Current => Current;

        public bool MoveNext()
        {
            while (_inner.MoveNext())
            {
                if (_inner.Current is { } session && !session.Has(SessionFlags.Gone))
                {
                    return true;
                }
            }
            return false;
        }

        public void Reset() => throw new NotSupportedException();

        public void Dispose() => _inner.Dispose();
    }
}
