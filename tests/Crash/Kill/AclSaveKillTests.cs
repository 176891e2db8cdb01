using Bixbite.Unit.Structures;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Kill;

/// <summary>A process that is killed while ACL SAVE writes leaves a whole file.</summary>
public sealed class AclSaveKillTests : IDisposable
{
    private const int UserCount = 200;
    private const int KillCount = 8;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ThereIsAlwaysAWholeFile()
    {
        Random random = Seed.NewRandom();
        string file = _folder.File("users.acl");
        File.WriteAllText(file, "user default on nopass ~* &* +@all\n");
        for (int kill = 0; kill < KillCount; kill++)
        {
            using ServerProcess server = ServerProcess.StartIn(_folder, Programs.Server, "--aclfile", file);
            using RespConnection client = server.Connect();
            Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!, "users.acl*"));
            for (int i = 0; i < UserCount; i++)
            {
                Assert.Equal("+OK", client.Call($"ACL SETUSER user:{i} reset on nopass ~version:{kill}:* +get").ToString());
            }
            Assert.Equal("+OK", client.Call("ACL SAVE").ToString());
            for (int i = random.Next(2, 40); i > 0; i--)
            {
                client.Send("ACL SAVE");
            }
            for (int i = random.Next(0, 3); i > 0; i--)
            {
                client.Read();
            }
            server.Kill();
            // As if it had been killed a moment earlier: that happens too rarely by itself.
            File.WriteAllText($"{file}.tmp-{server.Id}", "user default on");
            string[] lines = File.ReadAllLines(file);
            Assert.EndsWith("\n", File.ReadAllText(file), StringComparison.Ordinal);
            Assert.Equal(UserCount + 1, lines.Length);
            Assert.Equal(UserCount, lines.Count(line => line.Contains($"~version:{kill}:*", StringComparison.Ordinal)));
        }
    }
}
