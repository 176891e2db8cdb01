using System.Buffers;
using Bixbite.Memory;
using Bixbite.Protocol;
using Bixbite.Replication.Links;

namespace Bixbite.Replication.Migration;

/// <summary>
/// A connection to a target, used by one migration at a time and kept for a while after it. Reads one line for each reply: what the target
/// says to AUTH and SELECT, where these were sent, and for each key. Under the execution lock.
/// </summary>
internal sealed class TargetConnection(Migrations owner, string host, int port) : IPeerUser
{
    /// <summary>No reply to RESTORE, SELECT or AUTH is longer.</summary>
    private const int LineSizeMax = 1024;

    private const long NoDatabase = -1;

    private KeyMigration? _migration;
    private Action? _cancel;
    private IPeerWire? _wire;
    private int _preludeCount;
    private byte[]? _preludeError;
    private long _database = NoDatabase;

    /// <summary>There is a connection.</summary>
    public bool IsOpen => _wire is not null;

    /// <summary>The system has not taken all that was sent.</summary>
    public bool HasUnsent => _wire is { Link.PendingOutput: > 0 };

    /// <summary>Nobody uses it.</summary>
    public bool IsIdle => _migration is null;

    /// <summary>It leads to this server.</summary>
    public bool LeadsTo(MigrationTarget target) => host == target.Host && port == target.Port;

    /// <summary>Monotonic milliseconds when it was used last.</summary>
    public long UsedMs { get; set; }

    /// <summary>The migration that uses it.</summary>
    public KeyMigration? Migration => _migration;

    /// <summary>Begins to connect.</summary>
    public void Connect(IPeerLinks links, int timeoutMs) => _cancel = links.Connect(host, port, timeoutMs, PeerPurpose.Migration, this);

    /// <summary>Serves a migration from now on: at once, or when there is a connection.</summary>
    public void Begin(KeyMigration migration)
    {
        _migration = migration;
        if (IsOpen)
        {
            Send(migration);
        }
    }

    /// <summary>Ends the connection, and what uses it hears nothing of that.</summary>
    public void Drop()
    {
        _migration = null;
        _cancel?.Invoke();
        _wire?.Link.Abort();
    }

    void IPeerUser.Opened(IPeerWire wire)
    {
        _wire = wire;
        if (_migration is { } migration)
        {
            Send(migration);
        }
    }

    /// <summary>Redis notices a refusal when it writes, and tries once more.</summary>
    void IPeerUser.Failed(string reason, bool isRefused) => End(isRefused ? MigrationEnd.NotWritten : MigrationEnd.NotConnected);

    void IPeerUser.Closed()
    {
        if (_migration is { } migration)
        {
            End(HasUnsent && migration.AnsweredCount == 0 ? MigrationEnd.NotWritten : MigrationEnd.NotRead);
        }
        else
        {
            owner.Forget(this);
        }
    }

    int IPeerUser.Received(ulong address, int length)
    {
        ReadOnlySpan<byte> bytes = Native.Bytes(address, length);
        int taken = 0;
        while (_migration is { } migration)
        {
            int size = bytes[taken..].IndexOf((byte)'\n');
            if (size < 0)
            {
                break;
            }
            Take(migration, bytes.Slice(taken, size).TrimEnd((byte)'\r'));
            taken += size + 1;
        }
        if (bytes.Length - taken >= (_migration is null ? 1 : LineSizeMax))
        {
            // Nobody has asked for that, or nobody understands it.
            End(MigrationEnd.NotRead);
            return bytes.Length;
        }
        return taken;
    }

    private void Send(KeyMigration migration)
    {
        migration.ProgressMs = owner.NowMs;
        _preludeCount = 0;
        _preludeError = null;
        ArrayBufferWriter<byte> prelude = new();
        if (migration.Credentials.Count > 0)
        {
            _preludeCount++;
            prelude.Begin(migration.Credentials.Count + 1);
            prelude.Add("AUTH"u8);
            foreach (byte[] word in migration.Credentials)
            {
                prelude.Add(word);
            }
        }
        if (_database != migration.Target.Database)
        {
            _preludeCount++;
            prelude.Begin(2);
            prelude.Add("SELECT"u8);
            prelude.Add(migration.Target.Database);
        }
        _database = NoDatabase;
        _wire!.Link.Send(prelude.WrittenSpan);
        _wire.Link.Send(migration.Requests.Written);
    }

    private void Take(KeyMigration migration, ReadOnlySpan<byte> line)
    {
        migration.ProgressMs = owner.NowMs;
        bool isError = line.StartsWith("-"u8);
        if (_preludeCount > 0)
        {
            _preludeCount--;
            _preludeError ??= isError ? line[1..].ToArray() : null;
            return;
        }
        if (isError || _preludeError is not null)
        {
            migration.TargetError ??= _preludeError ?? line[1..].ToArray();
        }
        else
        {
            migration.Keys[migration.AnsweredCount].IsRestored = true;
        }
        migration.AnsweredCount++;
        if (migration.AnsweredCount == migration.Keys.Count)
        {
            _database = migration.TargetError is null ? migration.Target.Database : NoDatabase;
            _migration = null;
            UsedMs = owner.NowMs;
            owner.Finish(migration, MigrationEnd.Answered);
        }
    }

    /// <summary>The connection is of no use any longer.</summary>
    public void End(MigrationEnd end)
    {
        KeyMigration? migration = _migration;
        Drop();
        owner.Forget(this);
        if (migration is not null)
        {
            owner.Fail(migration, end, mayRepeat: true);
        }
    }
}
