namespace Bixbite.Engine.Lifecycle;

/// <summary>
/// Why the server should be given no requests now, as those who balance load ask: whoever owns a reason adds it, with a text for people. A
/// service. Under the execution lock, but for adding.
/// </summary>
public sealed class Readiness
{
    private readonly List<Func<string?>> _all = [];

    /// <summary>The reasons there are now; none where it is ready.</summary>
    public IEnumerable<string> Reasons => _all.Select(static reason => reason()).OfType<string>();

    /// <summary>Adds a reason, which is null while it does not hold.</summary>
    public void Add(Func<string?> reason) => _all.Add(reason);
}
