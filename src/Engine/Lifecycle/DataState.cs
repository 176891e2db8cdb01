namespace Bixbite.Engine.Lifecycle;

/// <summary>
/// Whether the data can be used, and changed, at all. Those who load and save say so here, and so raise what the gates then ask about.
/// </summary>
public sealed class DataState(RaisedConcerns raised)
{
    private int _aofErrno;

    /// <summary>The data set is being loaded: only commands that need none of it run.</summary>
    public bool IsLoading
    {
        get => raised.Has(Concern.Loading);
        set => raised.Set(Concern.Loading, value);
    }

    /// <summary>Other data is being loaded, which will take the place of what clients use meanwhile.</summary>
    public bool IsLoadingAside
    {
        get => raised.Has(Concern.LoadingAside);
        set => raised.Set(Concern.LoadingAside, value);
    }

    /// <summary>The last background save failed.</summary>
    public bool HasSnapshotFailed
    {
        get => raised.Has(Concern.Snapshot);
        set => raised.Set(Concern.Snapshot, value);
    }

    /// <summary>Why the append only log cannot be written now; 0 if it can, or there is none.</summary>
    public int AofErrno
    {
        get => _aofErrno;
        set
        {
            _aofErrno = value;
            raised.Set(Concern.Aof, value != 0);
        }
    }
}
