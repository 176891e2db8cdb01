using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.AccessControl;

/// <summary>Passwords are seen nowhere but by those who gave them. All of them begin with <c>hush</c>.</summary>
public sealed class SecretTests
{
    private const string Secret = "hush";

    private static readonly string[] s_requests =
    [
        "ACL SETUSER u on >hush0 +@all ~* &*", "ACL SETUSER u on >hush1 +@all <nosuch-hush", "ACL SETUSER u >hush2 #hush !hush",
        "AUTH u hush0", "AUTH u hush3", "AUTH hush4", "AUTH u hush5 more", "AUTH u more hush6 hush hush", "AUTH hush-user hush",
        "HELLO 3 AUTH u hush0", "HELLO 2 AUTH u hush7", "HELLO 3 AUTH u hush0 SETNAME x AUTH u hush8", "HELLO 9 AUTH u hush9",
        "HELLO x AUTH u hush10", "HELLO AUTH u hush11", "HELLO 3 AUTH hush12", "HELLO 3 SETNAME AUTH u hush13",
        "HELLO 3 NOSUCH AUTH u hush14",
        "CONFIG SET requirepass hush15", "CONFIG SET RequirePass hush16 maxmemory-samples 5",
        "CONFIG SET maxmemory-samples x requirepass hush17", "CONFIG SET requirepass hush18 maxmemory-samples",
        "CONFIG SET maxmemory-samples 5 requirepass hush19 more", "CONFIG SET masterauth hush20",
        "MULTI", "AUTH u hush21", "HELLO 3 AUTH u hush22", "ACL SETUSER u >hush23", "CONFIG SET requirepass hush24", "EXEC",
        "EVAL \"return redis.pcall('auth', ARGV[1])\" 0 x", "ACL DELUSER hush-user", "ACL GETUSER hush-user",
    ];

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    public void What_others_see_has_no_passwords(string failuresMax)
    {
        using TestServer server = TestServer.Start(
            "--slowlog-log-slower-than", "0", "--slowlog-max-len", "1000", "--loglevel", "debug", "--latency-monitor-threshold", "1",
            "--auth-failures-max", failuresMax);
        using RespConnection admin = server.Connect();
        using RespConnection monitor = server.Connect();
        Assert.Equal("+OK", monitor.Call("MONITOR").ToString());
        foreach (string request in s_requests)
        {
            admin.Call(request);
        }
        admin.Send("ACL SETUSER u on >hush25\r\n auth u hush26 \r\nAUTH \"u\" \"hush27\"\r\n"u8);
        admin.Read();
        admin.Read();
        admin.Read();
        admin.Call("PING end");
        var seen = new StringBuilder();
        for (string line = ""; !line.Contains("\"end\"", StringComparison.Ordinal);)
        {
            seen.AppendLine(line = monitor.Read().ToString());
        }
        foreach (string request in (ReadOnlySpan<string>)
            ["SLOWLOG GET -1", "ACL LOG 1000", "ACL LIST", "CLIENT LIST", "INFO everything", "LATENCY LATEST", "COMMAND LIST"])
        {
            Reply reply = admin.Call(request);
            Assert.False(reply.IsError, reply.ToString());
            seen.AppendLine(reply.ToString().Replace("hush-user", "(a name)", StringComparison.Ordinal));
        }
        seen.AppendLine(server.Log);
        Assert.Contains("(redacted)", seen.ToString(), StringComparison.Ordinal);
        AssertSecret(seen.ToString());
    }

    [Theory]
    [InlineData("SEGFAULT", "DebugServer.SegmentationFault")]
    [InlineData("PANIC", "BUG REPORT")]
    public void A_report_of_a_crash_has_none(string end, string report)
    {
        using ServerProcess server = ServerProcess.Start(
            Programs.Server, "--enable-debug-command", "yes", "--loglevel", "debug", "--requirepass", "hush0");
        using RespConnection other = server.Connect();
        Assert.Equal("+OK", other.Call("AUTH hush0").ToString());
        Assert.Equal("+OK", other.Call("ACL SETUSER u on >hush1 +@all").ToString());
        using RespConnection connection = server.Connect();
        connection.Send(Encoding.ASCII.GetBytes($"AUTH hush0\r\nAUTH u hush1\r\nAUTH u hush2\r\nDEBUG {end}\r\n"));
        connection.ReadToEnd();
        Assert.NotEqual(0, server.WaitForExit());
        Assert.Contains(report, server.Output, StringComparison.Ordinal);
        AssertSecret(server.Output);
    }

    [Theory]
    [InlineData("requirepass \"hush")]
    [InlineData("requirepass hush hush")]
    [InlineData("\"requirepass\" \"hush")]
    [InlineData("RequirePass hush\"x\"y")]
    [InlineData("masterauth hush hush")]
    [InlineData("user alice on >hush +nosuch")]
    [InlineData("user alice on >hush nosuch")]
    [InlineData("user alice on \">hush +nosuch")]
    [InlineData("user \"alice on >hush\"")]
    [InlineData("user alice on >hush (+get")]
    [InlineData("user alice on (>hush")]
    [InlineData("user alice on (+get >hush)")]
    [InlineData("user alice on #hush")]
    [InlineData("user alice on <hush")]
    [InlineData("tls-key-file-pass hush hush")]
    public void A_line_that_stops_the_start_is_told_without_it(string line)
    {
        using TempFolder folder = new();
        string file = folder.File("server.conf");
        File.WriteAllText(file, $"# mine\n{line}\n");
        using ServerProcess server = ServerProcess.StartRaw(Programs.Server, new TempFolder(), FreePorts.Next(), file);
        Assert.NotEqual(0, server.WaitForExit());
        Assert.Contains("line 2", server.Output, StringComparison.Ordinal);
        AssertSecret(server.Output);
    }

    [Fact]
    public void Files_with_them_are_their_owners_alone_while_they_are_written()
    {
        string? strace = Programs.Strace;
        Assert.SkipWhen(strace is null, "needs strace on the PATH to see how files are made (on Debian: apt-get install strace)");
        using TempFolder folder = new();
        string trace = folder.File("trace");
        string wrapper = folder.File("traced");
        string users = folder.File("users.acl");
        string configuration = folder.File("server.conf");
        File.WriteAllText(users, "user default on nopass ~* &* +@all\n");
        File.WriteAllText(configuration, $"aclfile {users}\n");
        string traced = $"{strace} -f -qq -o {trace} -e trace=openat,open {Programs.Server} {configuration}";
        File.WriteAllText(wrapper, $"#!/bin/sh\numask 0\nexec {traced} \"$@\"\n");
        MakeExecutable(wrapper);
        using (ServerProcess server = ServerProcess.StartIn(folder, wrapper))
        {
            using RespConnection admin = server.Connect();
            Assert.Equal("+OK", admin.Call("ACL SAVE").ToString());
            Assert.Equal("+OK", admin.Call("CONFIG REWRITE").ToString());
            admin.Send("SHUTDOWN NOSAVE");
            server.WaitForExit();
        }
        string[] made =
        [
            .. File.ReadLines(trace).Where(
                line => line.Contains("O_CREAT", StringComparison.Ordinal)
                    && (line.Contains(users, StringComparison.Ordinal) || line.Contains(configuration, StringComparison.Ordinal))),
        ];
        Assert.Equal(2, made.Length);
        Assert.All(made, static line => Assert.Matches("O_EXCL.*, 0600\\)", line));
    }

    private static void AssertSecret(string seen)
    {
        int place = seen.IndexOf(Secret, StringComparison.Ordinal);
        Assert.True(place < 0, place < 0 ? "" : seen[Math.Max(place - 200, 0)..Math.Min(place + 100, seen.Length)]);
    }

    private static void MakeExecutable(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
