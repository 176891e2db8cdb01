using System.Text;
using Bixbite.Platform;

namespace Bixbite.Wire.Harness;

/// <summary>
/// Runs a script on one connection where there is nothing to compare with: a line is a command, " => " and the reply as
/// <see cref="Reply.ToString"/> shows it. All lines run; those that differ are reported together.
/// </summary>
internal static class Expect
{
    private const string Arrow = " => ";

    /// <summary>Runs the script on a server of its own.</summary>
    public static void Replies(string script)
    {
        using TestServer server = TestServer.Start("--enable-debug-command", "yes");
        using RespConnection connection = server.Connect();
        Replies(connection, script);
    }

    /// <summary>The same while time stands still, so that deadlines stay as far away as they were.</summary>
    public static void RepliesAtOneMoment(string script)
    {
        using TestServer server = TestServer.StartAt(new ManualClock());
        using RespConnection connection = server.Connect();
        Replies(connection, script);
    }

    public static void Replies(RespConnection connection, string script)
    {
        StringBuilder differences = new();
        foreach (string line in script.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0))
        {
            int arrow = line.IndexOf(Arrow, StringComparison.Ordinal);
            string command = line[..arrow];
            string expected = line[(arrow + Arrow.Length)..];
            string actual = connection.Call(command).ToString();
            if (actual != expected)
            {
                differences.AppendLine(command).AppendLine($"  expected: {expected}").AppendLine($"  actual:   {actual}");
            }
        }

        Assert.True(differences.Length == 0, differences.ToString());
    }
}
