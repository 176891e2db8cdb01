using System.Diagnostics;
using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Persistence;

/// <summary>--check-aof and --check-rdb say what redis-check-aof and redis-check-rdb say, and end with the same code.</summary>
public sealed class CheckToolTests : IDisposable
{
    private const string Manifest = "log/appendonly.aof.manifest";
    private const string Increment = "log/appendonly.aof.1.incr.aof";
    private const string Sound =
        "#TS:100\r\n*1\r\n$5\r\nMULTI\r\n*2\r\n$3\r\nDEL\r\n$1\r\na\r\n*1\r\n$4\r\nEXEC\r\n#TS:200\r\n*1\r\n$4\r\nPING\r\n";


    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Sound)]
    [InlineData("")]
    [InlineData(Sound + "*3\r\n$3\r\nSE")]
    [InlineData(Sound + "*3\r\n$3\r\nSET\r")]
    [InlineData(Sound + "*3\r")]
    [InlineData(Sound + "*1\r\n$5\r\nMULTI\r\n")]
    [InlineData(Sound + "*1\r\n$4\r\nEXEC\r\n")]
    [InlineData("*1\r\n$5\r\nmulti\r\n*1\r\n$5\r\nMULTI\r\n")]
    [InlineData(Sound + "PING\r\n")]
    [InlineData("*2\r\n*3\r\n")]
    [InlineData("*1\r\n$-1\r\n")]
    [InlineData("*1\r\n$3\r\nabcde\r\n")]
    [InlineData("*x\r\n")]
    public void A_log_is_judged_as_by_redis(string text)
    {
        Write(text);
        Same("redis-check-aof", "--check-aof", "", Manifest);
        if (text.Length > 0)
        {
            Same("redis-check-aof", "--check-aof", "", Increment);
        }
    }

    [Theory]
    [InlineData("y\n", 0)]
    [InlineData("n\n", 1)]
    public void A_torn_log_is_fixed_when_asked(string answer, int code)
    {
        Write(Sound + "*3\r\n$3\r\nSE");
        (int status, string output) = Run(Programs.Server, answer, "--check-aof", "--fix", Manifest);
        Assert.Equal(code, status);
        Assert.Contains("This will shrink the AOF appendonly.aof.1.incr.aof from", output, StringComparison.Ordinal);
        Assert.Equal(code == 0, File.ReadAllText(_folder.File(Increment)) == Sound);
        Assert.Equal(code == 0, File.Exists($"{_folder.File(Increment)}.cut-{Sound.Length}"));
    }

    [Fact]
    public void A_log_is_cut_back_to_a_time()
    {
        Write(Sound);
        (int status, string output) = Run(Programs.Server, "", "--check-aof", "--truncate-to-timestamp", "150", "log");
        Assert.Equal(0, status);
        Assert.Contains("Successfully truncated AOF appendonly.aof.1.incr.aof to timestamp 150", output, StringComparison.Ordinal);
        Assert.Equal(Sound.IndexOf("#TS:200", StringComparison.Ordinal), new FileInfo(_folder.File(Increment)).Length);
    }

    [Fact]
    public void What_is_no_log_is_refused_as_by_redis()
    {
        Same("redis-check-aof", "--check-aof", "", "nosuchfile");
        Write(Sound);
        File.WriteAllText(_folder.File(Manifest), "file nosuch.aof seq 1 type b\n");
        Assert.Equal(1, Run(Programs.Server, "", "--check-aof", Manifest).Status);
        File.WriteAllText(_folder.File(Manifest), "file x seq 1 type z\n");
        Assert.Contains("Unknown AOF file type", Run(Programs.Server, "", "--check-aof", Manifest).Output, StringComparison.Ordinal);
        Assert.Equal(1, Run(Programs.Server, "", "--check-aof").Status);
        Assert.Contains("--check-aof", Run(Programs.Server, "", "--help").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_of_redis_is_judged_as_by_redis()
    {
        Assert.SkipWhen(Programs.RedisServer is null, "needs redis-server on the PATH (on Debian: apt-get install redis-server)");
        using (ServerProcess redis = ServerProcess.StartIn(_folder, Programs.RedisServer!))
        {
            using RespConnection client = redis.Connect();
            client.Call("SET a 1");
            client.Call("SET b 2 EX 1000");
            client.Call("RPUSH l x y");
            client.Call("SAVE");
            redis.Kill();
        }
        Same("redis-check-rdb", "--check-rdb", "", "dump.rdb");
        byte[] bytes = File.ReadAllBytes(_folder.File("dump.rdb"));
        bytes[^1] ^= 1;
        File.WriteAllBytes(_folder.File("dump.rdb"), bytes);
        (int status, string output) = Run(Programs.Server, "", "--check-rdb", "dump.rdb");
        Assert.Equal(1, status);
        Assert.Contains("--- RDB ERROR DETECTED ---", output, StringComparison.Ordinal);
        Assert.Equal(1, Run(Programs.Server, "", "--check-rdb", "nosuchfile").Status);
    }

    private void Write(string text)
    {
        Directory.CreateDirectory(_folder.File("log"));
        File.WriteAllText(_folder.File(Manifest), "file appendonly.aof.1.incr.aof seq 1 type i\n");
        File.WriteAllBytes(_folder.File(Increment), Encoding.Latin1.GetBytes(text));
    }

    private void Same(string redisTool, string action, string answer, string argument)
    {
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, redisTool)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"needs {redisTool} on the PATH (on Debian: apt-get install redis-tools)");
        (int status, string output) = Run(path!, answer, argument);
        (int status, string output) here = Run(Programs.Server, answer, action, argument);
        Assert.Equal(output, here.output);
        Assert.Equal(status, here.status);
    }

    private (int Status, string Output) Run(string program, string answer, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = _folder.Path,
        })!;
        process.StandardInput.Write(answer);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
