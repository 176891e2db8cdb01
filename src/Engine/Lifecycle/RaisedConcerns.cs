namespace Bixbite.Engine.Lifecycle;

/// <summary>
/// The concerns that may keep the requests of any client from running now. The owner of a reason raises it and lowers it, under the
/// execution lock; it may be raised for nothing, but never missing. What concerns one session or one command is raised there.
/// </summary>
public sealed class RaisedConcerns
{
    public Concern All { get; private set; }

    public bool Has(Concern concern) => (All & concern) != 0;

    public void Set(Concern concern, bool isRaised) => All = isRaised ? All | concern : All & ~concern;
}
