using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Bixbite.Engine.Modules;

namespace Bixbite.Wire.Harness;

/// <summary>
/// Runs the same script on Redis and on the server under test and compares the bytes of every reply, first in RESP2 and then in RESP3. A
/// line is a command as for redis-cli. Its first character may loosen the comparison: '~' only the reply's shape (for time, pid, memory),
/// '%' the items in any order, '@' seconds that are left, which may differ by those that the script has taken, '!' not at all. Lines that
/// are empty or begin with '#' are skipped.
/// </summary>
internal sealed class Compare : IDisposable
{
    private readonly RedisPeer _redis;
    private readonly TestServer _server;

    /// <summary>Starts both with the same options, and with DEBUG allowed.</summary>
    public Compare(params string[] options)
    {
        options = ["--enable-debug-command", "yes", .. options];
        _redis = RedisPeer.Start(options);
        _server = TestServer.Start(options);
    }

    /// <summary>Ours has modules that not every server has.</summary>
    public Compare(IReadOnlyList<Module> modules)
    {
        _redis = RedisPeer.Start("--enable-debug-command", "yes");
        _server = TestServer.StartWith(modules, "--enable-debug-command", "yes");
    }

    public static void SameReplies(IEnumerable<string> script)
    {
        using Compare compare = new();
        compare.Run(script);
    }

    public static void SameReplies(string script) => SameReplies(script.Split('\n'));

    /// <summary>Runs a script on one connection to each, whatever there is; fails with every line that differed.</summary>
    public static void SameReplies(RespConnection redis, RespConnection ours, IEnumerable<string> script)
    {
        long started = Stopwatch.GetTimestamp();
        string[] differences = [.. Lines(script).Select(line => Difference(redis, ours, line, started)).OfType<string>()];
        Assert.True(differences.Length == 0, string.Join('\n', differences));
    }

    /// <summary>Runs the script on two empty databases; fails with every line that differed.</summary>
    public void Run(IEnumerable<string> script)
    {
        string[] lines = Lines(script);
        StringBuilder differences = new();
        foreach (int version in new[] { 2, 3 })
        {
            using RespConnection left = Open(_redis.Connect(), version);
            using RespConnection right = Open(_server.Connect(), version);
            long started = Stopwatch.GetTimestamp();
            foreach (string line in lines)
            {
                if (Difference(left, right, line, started) is { } difference)
                {
                    differences.AppendLine($"RESP{version} {difference}");
                }
            }
        }

        Assert.True(differences.Length == 0, differences.ToString());
    }

    /// <summary>Asserts that both answer these bytes, and the end of sending after them, with the same bytes before they close.</summary>
    public void SameAnswer(ReadOnlySpan<byte> payload)
    {
        byte[] expected = AnswerTo(payload, _redis.Connect());
        byte[] actual = AnswerTo(payload, _server.Connect());
        Assert.True(expected.AsSpan().SequenceEqual(actual), $"{Show(payload)}\n  redis: {Show(expected)}\n  ours:  {Show(actual)}");
    }

    public void Dispose()
    {
        _redis.Dispose();
        _server.Dispose();
    }

    private static string[] Lines(IEnumerable<string> script) =>
        [.. script.Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];

    private static RespConnection Open(RespConnection connection, int version)
    {
        Assert.False(connection.Call("FLUSHALL").IsError);
        Assert.False(connection.Call($"HELLO {version}").IsError);
        return connection;
    }

    private static byte[] AnswerTo(ReadOnlySpan<byte> payload, RespConnection connection)
    {
        using (connection)
        {
            try
            {
                connection.Send(payload);
                connection.ShutdownSend();
            }
            catch (SocketException)
            {
                // It may have answered and closed before all of it has arrived.
            }

            return connection.ReadToEnd();
        }
    }

    /// <summary>The command and both replies if they differ more than the line's mark allows, or null.</summary>
    private static string? Difference(RespConnection left, RespConnection right, string line, long started)
    {
        char mark = line[0] is '~' or '%' or '@' or '!' ? line[0] : '=';
        string command = mark == '=' ? line : line[1..].TrimStart();
        byte[] expected = left.CallRaw(command);
        byte[] actual = right.CallRaw(command);
        bool areAlike = mark switch
        {
            '!' => true,
            '~' => Parse(expected).HasShapeOf(Parse(actual)),
            '%' => Parse(expected).HasItemsOf(Parse(actual)),
            '@' => AreNear(Parse(expected), Parse(actual), Stopwatch.GetElapsedTime(started)),
            _ => expected.AsSpan().SequenceEqual(actual),
        };
        return areAlike ? null : $"{command}\n  redis: {Show(expected)}\n  ours:  {Show(actual)}";
    }

    /// <summary>Both began to count after the script did, and each rounds to the nearest second.</summary>
    private static bool AreNear(Reply expected, Reply actual, TimeSpan elapsed) =>
        expected.ToString() == actual.ToString()
        || (expected.Type == ':' && actual.Type == ':' && expected.Integer > 0 && actual.Integer > 0
            && Math.Abs(expected.Integer - actual.Integer) <= (long)Math.Round(elapsed.TotalSeconds, MidpointRounding.AwayFromZero));

    private static Reply Parse(byte[] bytes) =>
        Reply.TryRead(bytes, out Reply? reply, out _) ? reply! : throw new InvalidDataException("an incomplete reply");

    private static string Show(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new();
        foreach (byte value in bytes)
        {
            text.Append(value switch
            {
                (byte)'\r' => "\\r",
                (byte)'\n' => "\\n",
                >= 32 and < 127 => $"{(char)value}",
                _ => $"\\x{value:x2}",
            });
        }

        return text.ToString();
    }
}
