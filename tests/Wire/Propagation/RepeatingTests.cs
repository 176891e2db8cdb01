using Bixbite.Wire.Harness;
using Bixbite.Wire.Persistence;

namespace Bixbite.Wire.Propagation;

/// <summary>
/// The proof that nothing is missing in the log, or too much: random requests of several clients, of which some wait; then another server
/// reads the log, at another time, and has the same content.
/// </summary>
public sealed class RepeatingTests
{
    private const int RequestCount = 12_000;
    private const int ClientCount = 3;

    /// <summary>Longer than any of the deadlines that come soon.</summary>
    private const int SettlingMs = 60;

    public static TheoryData<string> Options =>
    [
        "",
        "--hash-max-listpack-entries 0 --zset-max-listpack-entries 2 --set-max-intset-entries 3 --list-max-listpack-size 2",
    ];

    [Theory]
    [MemberData(nameof(Options))]
    public void What_was_logged_repeats_every_change(string options)
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        using TempFolder folder = new();
        string[] settings = ["--appendonly", "yes", "--save", "", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        string[] digests;
        using (StoppableServer server = StoppableServer.Ours(folder, settings))
        {
            new RandomRequests(new Random(seed)).Play(server.Process.Connect, ClientCount, RequestCount);
            Thread.Sleep(SettlingMs);
            digests = Digests(server.Client);
            Assert.Equal(0, server.End());
        }

        using StoppableServer again = StoppableServer.Ours(folder, settings);
        Assert.True(digests.SequenceEqual(Digests(again.Client)), $"seed {seed}: the content is another than before");
    }

    /// <summary>One digest for all, and for each database those of its keys, so that a difference can be found.</summary>
    private static string[] Digests(RespConnection client)
    {
        List<string> digests = [client.Call("DEBUG DIGEST").Text];
        for (int database = 0; database < 3; database++)
        {
            client.Call($"SELECT {database}");
            foreach (string key in client.Call("KEYS *").Items.Select(key => key.Text).Order(StringComparer.Ordinal))
            {
                digests.Add($"{database} {key} {client.Call($"DEBUG DIGEST-VALUE {key}")} {client.Call($"PEXPIRETIME {key}")}");
            }
        }

        return [.. digests];
    }
}
