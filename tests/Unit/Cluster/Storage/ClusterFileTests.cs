using Bixbite.Cluster.Document;
using Bixbite.Cluster.Routing;
using Bixbite.Cluster.Storage;
using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Cluster.Storage;

public sealed class ClusterFileTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatIsSavedIsLoaded()
    {
        using var file = new ClusterFile(Path, SystemDisk.Instance);
        Assert.Null(file.Take());
        Assert.Null(file.Load(out string? problem));
        Assert.Null(problem);
        ClusterFileContent content = Make();
        Assert.Null(file.Save(content));
        ClusterFileContent loaded = file.Load(out problem)!;
        Assert.Null(problem);
        Assert.Equal(content.ToBytes(), loaded.ToBytes());
        Assert.Equal(content.Self, loaded.Self);
        Assert.Equal([5], loaded.Open.Migrating.Keys);
        Assert.Equal([7, 9], loaded.Open.Importing.Keys);
        Assert.Single(Directory.GetFiles(_folder.Path), name => !name.EndsWith(".lock", StringComparison.Ordinal));
    }

    [Fact]
    public void OneServerHasItAtATime()
    {
        using var file = new ClusterFile(Path, SystemDisk.Instance);
        Assert.Null(file.Take());
        using (var other = new ClusterFile(Path, SystemDisk.Instance))
        {
            Assert.Contains("already used", other.Take(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AnyDamageIsNoticed()
    {
        byte[] bytes = Make().ToBytes();
        Assert.True(ClusterFileContent.TryRead(bytes, out _));
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[i] ^= 0x10;
            Assert.False(ClusterFileContent.TryRead(damaged, out _));
            Assert.False(ClusterFileContent.TryRead(bytes.AsSpan(0, i), out _));
        }
        File.WriteAllBytes(Path, bytes[..^1]);
        using var file = new ClusterFile(Path, SystemDisk.Instance);
        Assert.Null(file.Load(out string? problem));
        Assert.Contains("is damaged", problem, StringComparison.Ordinal);
    }

    private string Path => System.IO.Path.Combine(_folder.Path, "nodes.conf");

    private static ClusterFileContent Make()
    {
        var node = new ClusterNode(ClusterId.Draw(), new NodeAddress("10.0.0.1", 7000, 0, 17000), ClusterId.Draw(), NodeFlags.None);
        OpenSlots open = new();
        open.Migrate(5, ClusterId.Draw());
        open.Import(9, ClusterId.Draw());
        open.Import(7, ClusterId.Draw());
        return new ClusterFileContent(node.Id, ClusterDocument.Alone(ClusterId.Draw(), node), open);
    }
}
