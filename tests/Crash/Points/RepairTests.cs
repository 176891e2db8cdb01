using System.Text;
using Bixbite.Unit.Structures;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Points;

/// <summary>A machine that stops while a torn append-only file is repaired can repair it at the next start.</summary>
public sealed class RepairTests
{
    private const string Folder = "appendonlydir";
    private const string Manifest = "file appendonly.aof.1.incr.aof seq 1 type i\n";

    private static readonly string[] s_writes = ["SET a 1", "RPUSH list 1 2 3", "HSET hash f v", "SET torn " + new string('x', 6000)];

    private readonly ITestOutputHelper _output;

    public RepairTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(5000)]
    public void ATailThatIsCutShort(int missingSize) => Check(content => content[..^missingSize]);

    [Fact]
    public void ATailOfZeros() => Check(content => [.. content[..^6000], .. new byte[6000]]);

    private void Check(Func<byte[], byte[]> damage)
    {
        byte[] whole = [.. s_writes.Prepend("SELECT 0").SelectMany(CommandLine.Encode)];
        Story story = new(Promise.Acknowledged, ["--appendonly", "yes", "--appendfsync", "always"], "SET a 2")
        {
            Before = s_writes,
            DamagedCount = 1,
            Damage = disk =>
            {
                disk.CreateFolder(Folder);
                foreach (string name in disk.List(Folder))
                {
                    disk.Delete($"{Folder}/{name}");
                }
                disk.Put($"{Folder}/appendonly.aof.manifest", Encoding.ASCII.GetBytes(Manifest));
                disk.Put($"{Folder}/appendonly.aof.1.incr.aof", damage(whole));
            },
        };
        _output.WriteLine($"{CrashPoints.Check(story, Seed.NewRandom())} moments");
    }
}
