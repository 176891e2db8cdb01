using System.Text;
using System.Text.RegularExpressions;
using Bixbite.Platform;
using Bixbite.Tidy;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Commands;

/// <summary>The examples of the pages of commands are so: each begins on an empty server, and time passes only where it says so.</summary>
public sealed class ExampleTests
{
    public static TheoryData<string> Files() =>
        [.. Directory.GetFiles(Folder, "*.txt").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Examples");

    [Theory]
    [MemberData(nameof(Files))]
    public void Examples_are_so(string file)
    {
        ManualClock clock = new();
        using TestServer server = TestServer.StartAt(clock, OptionsFor(file));
        StringBuilder differences = new();
        foreach (Example example in ExampleFile.Parse(File.ReadAllText(Path.Combine(Folder, file + ".txt"))))
        {
            using RespConnection connection = server.Connect();
            foreach (string command in (string[])["FLUSHALL", "FUNCTION FLUSH", "SCRIPT FLUSH"])
            {
                Assert.Equal("OK", connection.Call(command).Text);
            }
            foreach (ExampleStep step in example.Steps)
            {
                clock.AdvanceMs(step.Seconds * 1000L);
                string actual = step.Request.Length == 0 ? "" : TerminalText.Write(connection.Call(step.Request), step.Request);
                if (!IsSo(step.Reply, actual))
                {
                    differences.AppendLine($"{file}.txt, line {step.Line}: {step.Request}").AppendLine(actual);
                }
            }
            Assert.Equal("RESET", connection.Call("RESET").Text);
        }
        Assert.True(differences.Length == 0, differences.ToString());
    }

    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "b", false)]
    [InlineData("a...d", "abcd", true)]
    [InlineData("a...d", "abc", false)]
    [InlineData("1) a\n...", "1) a\n2) b\n3) c", true)]
    [InlineData("1) a\n...\n4) d", "1) a\n2) b\n3) c", false)]
    [InlineData("(a)", "aa", false)]
    public void Three_dots_stand_for_what_differs_or_is_long(string example, string reply, bool isSo) =>
        Assert.Equal(isSo, IsSo(example, reply));

    /// <summary>Three dots of an example stand for any text.</summary>
    private static bool IsSo(string example, string reply) => example == reply || (example.Contains("...", StringComparison.Ordinal)
        && Regex.IsMatch(reply, $"^{string.Join(".*?", example.Split("...").Select(Regex.Escape))}\\z", RegexOptions.Singleline));

    /// <summary>The commands of clusters are shown on a node that is alone.</summary>
    private static string[] OptionsFor(string file) =>
        file == "cluster" ? ["--cluster-enabled", "yes", "--cluster-require-full-coverage", "no"] : ["--enable-debug-command", "yes"];

    [Fact]
    public void A_terminal_shows_replies_as_redis_cli_does()
    {
        using TestServer server = TestServer.Start();
        using RespConnection connection = server.Connect();
        Assert.Equal(
            "1) (integer) 1\n2) \"a\\x00\\\"\\n\"\n3) 1) (nil)\n   2) (empty array)\n4) (error) ERR no\n5) OK",
            TerminalText.Write(connection.Call(
                "EVAL \"return {1, 'a\\\\0\\\\\\\"\\\\n', {false, {}}, {err='ERR no'}, {ok='OK'}}\" 0")));
    }
}
