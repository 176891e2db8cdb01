using System.Diagnostics;

namespace Bixbite.Engine.Records;

/// <summary>The kinds of records beside the keys that the modules of a server have added, in that order.</summary>
public sealed class RecordKinds
{
    private readonly List<RecordKind> _all = [];

    public IReadOnlyList<RecordKind> All => _all;

    /// <summary>Adds a kind, whose code no other one has.</summary>
    public void Add(RecordKind kind)
    {
        Debug.Assert(Find(kind.Code) is null, "A code stands for one kind of records.");
        _all.Add(kind);
    }

    /// <summary>The kind whose records have this code before them, or null.</summary>
    public RecordKind? Find(byte code)
    {
        // Asked for every key that is loaded: a predicate would be an allocation each time.
        foreach (RecordKind kind in _all)
        {
            if (kind.Code == code)
            {
                return kind;
            }
        }
        return null;
    }

    /// <summary>Removes all records.</summary>
    public void Clear() => _all.ForEach(static kind => kind.Clear());

    /// <summary>The same kinds without records, for a dataset that may take the place of this one.</summary>
    public RecordKinds MakeAside()
    {
        var aside = new RecordKinds();
        _all.ForEach(kind => aside.Add(kind.MakeAside()));
        return aside;
    }

    /// <summary>Takes the records of what <see cref="MakeAside"/> made in the place of its own.</summary>
    public void Adopt(RecordKinds aside)
    {
        for (int i = 0; i < _all.Count; i++)
        {
            _all[i].Adopt(aside._all[i]);
        }
    }
}
