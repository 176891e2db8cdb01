namespace Bixbite.Engine.Lifecycle;

/// <summary>
/// Whether this server decides what becomes of its data, or a primary does, which it follows. Whoever follows says so; everything that
/// would change data by itself asks. Under the execution lock.
/// </summary>
public sealed class ServerRole
{
    /// <summary>A primary decides: what is due is hidden here until the primary removes it.</summary>
    public bool IsReplica { get; private set; }

    /// <summary>The role has changed.</summary>
    public event Action? Changed;

    /// <summary>Takes a role.</summary>
    public void Become(bool isReplica)
    {
        if (IsReplica != isReplica)
        {
            IsReplica = isReplica;
            Changed?.Invoke();
        }
    }
}
