using System.Runtime.InteropServices;
using Bixbite.Platform;

namespace Bixbite.Cluster.Storage;

/// <summary>The file of a node, which one server has at a time. It is replaced as a whole, and durable when that is done.</summary>
/// <param name="path">Where it is.</param>
/// <param name="disk">Keeps it.</param>
public sealed class ClusterFile(string path, IDisk disk) : IDisposable
{
    private IDisposable? _hold;

    public string Path => path;

    /// <summary>Takes the file for this server, as long as it runs; the reason if that cannot be.</summary>
    public string? Take()
    {
        int result = disk.Lock(path + ".lock", out _hold, out _);
        return result >= 0 ? null : result == -Errno.EAGAIN
            ? $"the cluster configuration file '{path}' is already used by a different node; give each node its own cluster-config-file"
            : $"the lock of the cluster configuration file '{path}' cannot be taken: {TextOf(result)}";
    }

    /// <summary>Reads the file; no content and no problem if there is none.</summary>
    public ClusterFileContent? Load(out string? problem)
    {
        problem = null;
        if (!disk.Exists(path))
        {
            return null;
        }
        int result = WholeFile.Read(disk, path, out byte[] bytes);
        if (result < 0)
        {
            problem = $"the cluster configuration file '{path}' cannot be read: {TextOf(result)}";
            return null;
        }
        if (!ClusterFileContent.TryRead(bytes, out ClusterFileContent? content))
        {
            problem = $"the cluster configuration file '{path}' is damaged, or another program's; move it away to begin as a new node";
        }
        return content;
    }

    /// <summary>Puts another content in place; the reason if that cannot be, and the old one is there still.</summary>
    public string? Save(ClusterFileContent content)
    {
        int result = WholeFile.Replace(disk, path, content.ToBytes());
        return result < 0 ? $"the cluster configuration file '{path}' cannot be written: {TextOf(result)}" : null;
    }

    public void Dispose() => _hold?.Dispose();

    private static string TextOf(int result) => Marshal.GetPInvokeErrorMessage(-result);
}
