namespace Bixbite.Keyspace;

/// <summary>How a command treats a key whose deadline has passed.</summary>
public enum ExpiryMode : byte
{
    /// <summary>It is removed, and everybody is told.</summary>
    Remove,

    /// <summary>It is not there for the command, but stays: the keyspace must not change. Only for commands that read.</summary>
    Hide,

    /// <summary>It is as any other: whoever wrote the requests that are repeated also wrote the removal.</summary>
    Ignore,
}

/// <summary>How a command accesses keys, as follows from who runs it; the default is what a client's command does.</summary>
/// <param name="Expiry">What becomes of due keys.</param>
/// <param name="IsQuiet">The access clock is left alone.</param>
/// <param name="KeepsPast">What gets a deadline that has passed stays: somebody else says when it goes.</param>
public readonly record struct AccessMode(ExpiryMode Expiry = ExpiryMode.Remove, bool IsQuiet = false, bool KeepsPast = false);

/// <summary>The keys as one command accesses them.</summary>
public readonly struct BoundKeys(KeyAccess keys, AccessMode mode)
{
    /// <summary>The same keys; using them winds their access clock whatever the mode says.</summary>
    public BoundKeys Touching => new(keys, mode with { IsQuiet = false });

    public KeyRef Read(Database database, ReadOnlySpan<byte> key) => keys.Read(database, key, mode);

    public KeyRef Inspect(Database database, ReadOnlySpan<byte> key) => keys.Inspect(database, key, mode);

    public KeyRef Write(Database database, ReadOnlySpan<byte> key) => keys.Write(database, key, mode);

    public KeyRef Peek(Database database, ReadOnlySpan<byte> key) => keys.Peek(database, key, mode);

    public bool IsDue(Database database, Record record) => keys.IsDue(database, record, mode);

    public bool TryExpireField(Database database, in KeyRef at, ReadOnlySpan<byte> field) => keys.TryExpireField(database, at, field);

    public void TellExpiredFields(Database database, in KeyRef at) => keys.TellExpiredFields(database, at);

    public void RemoveHash(Database database, ref KeyRef at) => keys.RemoveHash(database, ref at);

    /// <summary>Removes a due key where the mode does; false where it stays.</summary>
    public bool TryExpire(Database database, ref KeyRef at)
    {
        if (mode.Expiry != ExpiryMode.Remove)
        {
            return false;
        }
        keys.Expire(database, ref at);
        return true;
    }
}
