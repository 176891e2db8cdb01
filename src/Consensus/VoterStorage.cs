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
        Check(_disk.Open(FileName, out IDiskFile? file), "opened");
        using (file)
        {
            byte[] bytes = new byte[file!.Length];
            int filled = 0;
            while (filled < bytes.Length)
            {
                int read = file.Read(bytes.AsSpan(filled));
                Check(read, "read");
                if (read == 0)
                {
                    break;
                }
                filled += read;
            }
            if (filled < sizeof(long) || (filled - sizeof(long)) % ClusterId.Size != 0)
            {
                throw new IOException($"The list of voters in {FileName} is damaged: {filled} bytes");
            }
            _version = BinaryPrimitives.ReadInt64LittleEndian(bytes);
            _voters = VoterList.Read(bytes.AsSpan(sizeof(long), filled - sizeof(long)));
        }
    }

    private void Write(VoterList voters, long version)
    {
        byte[] bytes = new byte[sizeof(long) + voters.ToBytes().Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, version);
        voters.ToBytes().CopyTo(bytes, sizeof(long));
        string newFile = FileName + ".new";
        Check(_disk.Create(newFile, out IDiskFile? file), "created");
        using (file)
        {
            Check(file!.Write(bytes), "written");
            Check(file.Sync(), "synced");
        }
        Check(_disk.Rename(newFile, FileName), "renamed");
        Check(_disk.SyncFolder(_folder), "synced");
        _version = version;
        _voters = voters;
    }
}
