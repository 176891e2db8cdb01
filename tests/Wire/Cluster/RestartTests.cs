using Bixbite.Hosting;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Cluster;

/// <summary>A node is the same one when it comes back, and its file is nobody else's.</summary>
public sealed class RestartTests
{
    [Fact]
    public void A_node_comes_back_with_its_id_slots_and_marks()
    {
        using TempFolder folder = new();
        string id;
        string nodes;
        using (HostedServer first = Start(folder, out RespConnection client))
        {
            using (client)
            {
                Assert.Equal("OK", client.Call("CLUSTER ADDSLOTSRANGE 0 100 200 300").Text);
                id = client.Call("CLUSTER MYID").Text;
                Assert.Equal("OK", client.Call($"CLUSTER SETSLOT 400 IMPORTING {id}").Text);
                nodes = client.Call("CLUSTER NODES").Text;
            }
        }
        using HostedServer second = Start(folder, out RespConnection again);
        using (again)
        {
            Assert.Equal(id, again.Call("CLUSTER MYID").Text);
            Assert.Equal(Slots(nodes), Slots(again.Call("CLUSTER NODES").Text));
        }
        ServerStartException taken = Assert.Throws<ServerStartException>(() => Start(folder, out _));
        Assert.Contains("already used by a different node", taken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_none_is_left_alone()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder.File("nodes.conf"), "07c37df 127.0.0.1:7000@17000 myself,master - 0 0 1 connected 0-5460\n");
        ServerStartException refused = Assert.Throws<ServerStartException>(() => Start(folder, out _));
        Assert.Contains("is damaged, or another program's", refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("07c37df", File.ReadAllText(folder.File("nodes.conf")), StringComparison.Ordinal);
    }

    private static string Slots(string nodes) => nodes[nodes.IndexOf(" connected ", StringComparison.Ordinal)..];

    private static HostedServer Start(TempFolder folder, out RespConnection client)
    {
        ServerAddress address = new(FreePorts.Next(), folder.File("s"));
        HostedServer server = new(
            folder, new FolderDisk(folder.Path), SystemClock.Instance,
            [
                "--port", $"{address.Port}", "--bind", "127.0.0.1", "--unixsocket", address.UnixPath!, "--save", "",
                "--cluster-enabled", "yes",
            ]);
        Assert.Null(server.Problem);
        server.Run();
        client = RespConnection.OpenUnix(address);
        return server;
    }
}
