using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Persistence;

/// <summary>Skips what a server cannot do that keeps no files of that kind.</summary>
internal static class Needs
{
    private static readonly Lazy<Abilities> s_abilities = new(Ask);

    public static void Snapshots() => Assert.SkipUnless(s_abilities.Value.Saves, "needs a server that saves snapshots");

    public static void Reload() => Assert.SkipUnless(s_abilities.Value.Reloads, "needs a server with DEBUG RELOAD");

    public static void AppendOnlyFiles() => Assert.SkipUnless(s_abilities.Value.Logs, "needs a server that keeps an append-only file");

    private static Abilities Ask()
    {
        using TestServer server = TestServer.Start("--enable-debug-command", "yes");
        using RespConnection client = server.Connect();
        return new Abilities(
            client.Call("COMMAND INFO SAVE").Items is [{ IsNull: false }],
            !client.Call("DEBUG RELOAD").IsError,
            !client.Call("CONFIG SET appendonly yes").IsError);
    }

    private sealed record Abilities(bool Saves, bool Reloads, bool Logs);
}
