using System.Globalization;
using Bixbite.Crash.Servers;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Snapshots;

/// <summary>Large values that are changed until their writer is held, since a snapshot has no room for more.</summary>
internal static class HeldWrites
{
    public const int ValueSize = 300_000;
    public const int KeyCount = 300;

    /// <summary>The disk has to take all bytes, so one that takes none stops the snapshot's thread at its first block.</summary>
    public static readonly string[] Uncompressed = ["--rdbcompression", "no"];

    /// <summary>
    /// Whoever is silent so often, for a millisecond each time and while the server ticks, is not only slowed down: not even where time
    /// passes as in <see cref="SlowedClock"/>.
    /// </summary>
    private const int SilenceCount = 10 * SlowedClock.Factor;

    public static void Fill(LocalServer server, int count = KeyCount)
    {
        string value = new('x', ValueSize);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal("OK", server.Call($"SET k:{i} {value}").Text);
        }
    }

    /// <summary>
    /// Makes a change and a new value, by which memory grows in place of what is kept for the snapshot, and so on; one reply is missing
    /// at the end.
    /// </summary>
    public static void WriteUntilHeld(LocalServer server, RespConnection writer, string change, ManualClock? clock = null)
    {
        string part = new('p', 200_000);
        string value = new('n', ValueSize);
        for (int i = 0; i < KeyCount; i++)
        {
            string requests = string.Format(CultureInfo.InvariantCulture, change, i, part) + $"; SET new:{i} {value}";
            foreach (string request in requests.Split("; "))
            {
                writer.Send(request);
                if (IsHeld(server, writer, clock))
                {
                    return;
                }
                Assert.False(writer.Read().IsError);
            }
        }

        Assert.Fail("nobody was held");
    }

    /// <summary>Whether the writer is held once its request was looked at; false when its reply comes.</summary>
    public static bool IsHeld(LocalServer server, RespConnection writer, ManualClock? clock = null)
    {
        for (int silences = 0; writer.IsSilent(1);)
        {
            clock?.AdvanceMs(1);
            silences = server.Info("blocked_clients") == "0" ? 0 : silences + 1;
            if (silences == SilenceCount)
            {
                return true;
            }
        }

        return false;
    }

    public static long Number(LocalServer server, string field) => long.Parse(server.Info(field), CultureInfo.InvariantCulture);
}
