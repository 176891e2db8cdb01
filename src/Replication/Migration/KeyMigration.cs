using Bixbite.Keyspace;
using Bixbite.Persistence;

namespace Bixbite.Replication.Migration;

/// <summary>How a migration has ended.</summary>
public enum MigrationEnd
{
    /// <summary>It is under way.</summary>
    None,

    /// <summary>The target has answered everything, perhaps with an error.</summary>
    Answered,

    /// <summary>There was no connection.</summary>
    NotConnected,

    /// <summary>The connection has failed, or taken too long, before all was sent.</summary>
    NotWritten,

    /// <summary>The same, before all was answered.</summary>
    NotRead,
}

/// <summary>A key that is being moved or copied.</summary>
/// <param name="argument">Its position among the arguments.</param>
/// <param name="hash">Its hash.</param>
public sealed class MigratedKey(int argument, ulong hash)
{
    public int Argument => argument;

    public ulong Hash => hash;

    /// <summary>The target has it.</summary>
    public bool IsRestored { get; internal set; }

    /// <summary>It has changed since it was sent, by something that did not wait.</summary>
    public bool HasChanged { get; internal set; }
}

/// <summary>
/// The keys of one MIGRATE on their way: what is sent, and what the target has said so far. <see cref="Migrations"/> brings it to its end;
/// the wait of its client owns it.
/// </summary>
public sealed class KeyMigration(MigrationTarget target)
{
    private readonly List<MigratedKey> _keys = [];

    /// <summary>Where to.</summary>
    public MigrationTarget Target => target;

    /// <summary>The keys stay here.</summary>
    public required bool IsCopy { get; init; }

    /// <summary>The database that the keys are in.</summary>
    public required Database Database { get; init; }

    /// <summary>The requests that create the keys at the target.</summary>
    public required PayloadBuffer Requests { get; init; }

    /// <summary>The name and the password, or the password alone; nothing where none is given.</summary>
    public IReadOnlyList<byte[]> Credentials { get; init; } = [];

    public IReadOnlyList<MigratedKey> Keys => _keys;

    public MigrationEnd End { get; internal set; }

    /// <summary>The first error that the target has answered, without its sign; null if none.</summary>
    public byte[]? TargetError { get; internal set; }

    /// <summary>Called when it has ended.</summary>
    internal Action? Ended { get; set; }

    /// <summary>How many of the keys the target has answered for.</summary>
    internal int AnsweredCount { get; set; }

    /// <summary>It was begun once more.</summary>
    internal bool IsRepeated { get; set; }

    /// <summary>Monotonic milliseconds of the last sign of life.</summary>
    internal long ProgressMs { get; set; }

    /// <summary>One more key, whose requests were added.</summary>
    public void Add(int argument, ulong hash) => _keys.Add(new MigratedKey(argument, hash));
}

/// <summary>Where keys go.</summary>
public sealed record MigrationTarget(string Host, int Port, long Database, int TimeoutMs);
