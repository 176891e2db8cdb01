using Bixbite.Cluster.Document;

namespace Bixbite.Cluster.Routing;

/// <summary>
/// Slots whose keys are moved one by one, as <c>redis-cli --cluster reshard</c> does: marks that only this node has, and keeps in its file.
/// </summary>
public sealed class OpenSlots
{
    private readonly SortedDictionary<int, ClusterId> _migrating = [];
    private readonly SortedDictionary<int, ClusterId> _importing = [];

    /// <summary>Slots of this node whose keys go to another one.</summary>
    public IReadOnlyDictionary<int, ClusterId> Migrating => _migrating;

    /// <summary>Slots of others whose keys come here.</summary>
    public IReadOnlyDictionary<int, ClusterId> Importing => _importing;

    public bool IsAny => _migrating.Count + _importing.Count > 0;

    public void Migrate(int slot, ClusterId target) => _migrating[slot] = target;

    public void Import(int slot, ClusterId source) => _importing[slot] = source;

    public bool IsMigrating(int slot, out ClusterId target) => _migrating.TryGetValue(slot, out target);

    public bool IsImporting(int slot) => _importing.ContainsKey(slot);

    /// <summary>Takes the marks of a slot; false if it had none.</summary>
    public bool Close(int slot) => _migrating.Remove(slot) | _importing.Remove(slot);

    /// <summary>Takes the marks that mean nothing any more: of slots that have gone, and of those that have come.</summary>
    internal void Settle(ClusterView view)
    {
        foreach (int slot in _migrating.Where(mark => !view.IsMine(mark.Key) || !view.Document.Nodes.ContainsKey(mark.Value))
            .Select(mark => mark.Key).ToArray())
        {
            _migrating.Remove(slot);
        }
        foreach (int slot in _importing.Where(mark => view.IsMine(mark.Key) || !view.Document.Nodes.ContainsKey(mark.Value))
            .Select(mark => mark.Key).ToArray())
        {
            _importing.Remove(slot);
        }
    }
}
