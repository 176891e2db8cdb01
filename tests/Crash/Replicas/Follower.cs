using System.Globalization;
using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Crash.Snapshots;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Replication;

namespace Bixbite.Crash.Replicas;

/// <summary>
/// A replica that keeps what it gets: the snapshot, and the stream behind it. Both together are a log, so a server that loads it tells what
/// the replica holds.
/// </summary>
internal sealed class Follower : IDisposable
{
    private readonly FakeReplica _replica;
    private readonly List<byte> _stream = [];
    private readonly long _start;
    private readonly byte[] _snapshot;

    private Follower(FakeReplica replica)
    {
        _replica = replica;
        _snapshot = replica.ReadFull();
        _start = replica.End;
        replica.Acknowledge(_start);
    }

    /// <summary>Follows a server, and has its snapshot; throws <see cref="EndOfStreamException"/> if the server ends it.</summary>
    public static Follower Follow(LocalServer server, string capabilities = "capa eof capa psync2")
    {
        FakeReplica replica = new(server.Connect(), capabilities);
        try
        {
            return new Follower(replica);
        }
        catch
        {
            replica.Dispose();
            throw;
        }
    }

    /// <summary>Reads the stream up to where the server is now, and acknowledges it.</summary>
    public void CatchUp(LocalServer server)
    {
        long end = long.Parse(server.Info("master_repl_offset"), CultureInfo.InvariantCulture);
        int missing = (int)(end - _start - _stream.Count);
        if (missing > 0)
        {
            _stream.AddRange(_replica.Connection.ReadBytes(missing));
        }
        _replica.Acknowledge(_start + _stream.Count);
    }

    /// <summary>The digest of what it holds.</summary>
    public string Digest()
    {
        SimulatedDisk disk = new();
        disk.Put("appendonly.aof", [.. _snapshot, .. _stream]);
        return MixDriver.DigestOn(disk, "--appendonly", "yes");
    }

    public void Dispose() => _replica.Dispose();
}
