using System.Buffers.Binary;
using Bixbite.Cluster.Document;
using Bixbite.Platform;
using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft.Membership;

namespace Bixbite.Consensus;

/// <summary>
/// The voters on disk, as the last committed entry or snapshot says that changed them. The file is replaced in one step.
/// <code>
///   | version, which is the index of that entry: 8 bytes | ids: 20 bytes each |
/// </code>
/// </summary>
internal sealed class VoterStorage : IClusterConfigurationStorage<ClusterId>
{
    private readonly IDisk _disk;
    private readonly string _folder;
    private readonly Lock _lock = new();
    private VoterList _voters = new([]);
    private long _version = -1;

    /// <summary>Throws if there is a file that cannot be read.</summary>
    internal VoterStorage(IDisk disk, string folder)
    {
        _disk = disk;
        _folder = folder;
        if (disk.Exists(FileName))
        {
            Read();
        }
    }

    public event Func<IClusterConfiguration<ClusterId>, CancellationToken, ValueTask>? ConfigurationChanged;

    private string FileName => Path.Combine(_folder, "voters");

    /// <summary>The first voter of a new log.</summary>
    internal void Found(ClusterId voter)
    {
        if (_version < 0)
        {
            Write(new VoterList([voter]), version: 0);
        }
    }

    public ValueTask<IClusterConfiguration<ClusterId>> LoadConfigurationAsync(CancellationToken token = default)
    {
        lock (_lock)
        {
            return new(_voters);
        }
    }

    ValueTask<(IDataTransferObject Configuration, long Version)> IClusterConfigurationStorage.LoadConfigurationAsync(
        CancellationToken token)
    {
        lock (_lock)
        {
            return new((_voters, Math.Max(0, _version)));
        }
    }

    public async ValueTask<bool> SaveConfigurationAsync<TConfiguration>(
        TConfiguration configuration, long configurationVersion, CancellationToken token = default)
        where TConfiguration : IDataTransferObject
    {
        var voters = VoterList.Read(await configuration.ToByteArrayAsync(token: token).ConfigureAwait(false));
        lock (_lock)
        {
            if (configurationVersion <= _version)
            {
                return false;
            }
            Write(voters, configurationVersion);
        }
        if (ConfigurationChanged is { } changed)
        {
            await changed(voters, token).ConfigureAwait(false);
        }
        return true;
    }

    public void Dispose() => ConfigurationChanged = null;

    private static void Check(int result, string what)
    {
        if (result < 0)
        {
            throw new IOException($"The list of voters cannot be {what}: {Errno.Text(-result)}");
        }
    }

    private void Read()
    {
        Check(WholeFile.Read(_disk, FileName, out byte[] bytes), "read");
        if (bytes.Length < sizeof(long) || (bytes.Length - sizeof(long)) % ClusterId.Size != 0)
        {
            throw new IOException($"The list of voters in {FileName} is damaged: {bytes.Length} bytes");
        }
        _version = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        _voters = VoterList.Read(bytes.AsSpan(sizeof(long)));
    }

    private void Write(VoterList voters, long version)
    {
        byte[] bytes = new byte[sizeof(long) + voters.ToBytes().Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, version);
        voters.ToBytes().CopyTo(bytes, sizeof(long));
        Check(WholeFile.Replace(_disk, FileName, bytes), "written");
        _version = version;
        _voters = voters;
    }
}
