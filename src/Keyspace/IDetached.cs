namespace Bixbite.Keyspace;

/// <summary>A value that is no longer reachable and owns memory until it has been freed, slice by slice.</summary>
internal interface IDetached
{
    /// <summary>Keys not yet freed.</summary>
    public long Pending { get; }

    /// <summary>Frees about <paramref name="countMax"/> parts; false when nothing is left.</summary>
    public bool FreeSome(int countMax);
}
