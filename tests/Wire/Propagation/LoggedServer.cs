using System.Text;
using System.Text.RegularExpressions;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Propagation;

/// <summary>
/// A server with an append only log, and what each line of a script adds to it. A line is a command as for redis-cli; behind "1>" it is
/// sent by that client, which then waits; "..." lets some milliseconds pass.
/// </summary>
internal sealed partial class LoggedServer : IDisposable
{
    private const int PauseMs = 15;

    private readonly ServerProcess _process;
    private readonly RespConnection _client;
    private readonly RespConnection _observer;
    private readonly Dictionary<char, RespConnection> _waiting = [];
    private int _readLength;

    public LoggedServer(string path, params string[] options)
    {
        // Redis would put off writing while it synchronizes.
        _process = ServerProcess.Start(path, ["--appendonly", "yes", "--appendfsync", "no", "--enable-debug-command", "yes", .. options]);
        _client = _process.Connect();
        _observer = _process.Connect();
    }

    private byte[] Log
    {
        get
        {
            string path = Directory.EnumerateFiles(_process.Folder.File("appendonlydir"), "*.incr.aof").Single();
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            byte[] log = new byte[stream.Length];
            stream.ReadExactly(log);
            return log;
        }
    }

    /// <summary>Runs a line; returns the requests that it added to the log, one a line, and how many changes it counted for.</summary>
    public (string Requests, long ChangeCount) Run(string line)
    {
        long changes = Info("rdb_changes_since_last_save");
        if (line == "...")
        {
            Thread.Sleep(PauseMs);
        }
        else if (line.Length > 2 && line[1] == '>')
        {
            SendAndWait(line[0], line[2..].Trim());
        }
        else
        {
            _client.CallRaw(line);
        }
        changes = Info("rdb_changes_since_last_save") - changes;
        byte[] log = Log;
        string added = Describe(log.AsSpan(_readLength));
        _readLength = log.Length;
        return (added, changes);
    }

    public void Dispose()
    {
        _client.Dispose();
        _observer.Dispose();
        foreach (RespConnection connection in _waiting.Values)
        {
            connection.Dispose();
        }
        _process.Dispose();
    }

    /// <summary>Numbers that can only be times of these days, in milliseconds.</summary>
    [GeneratedRegex(@"(?<!\d)1[7-9]\d{11}(?!\d)")]
    private static partial Regex TimeOfToday();

    /// <summary>A request a line, with NOW for all times of today: two servers never run a command in the same millisecond.</summary>
    private static string Describe(ReadOnlySpan<byte> log)
    {
        StringBuilder text = new();
        while (log.Length > 0)
        {
            Assert.True(Reply.TryRead(log, out Reply? request, out int size), "the log ends within a request");
            text.AppendJoin(' ', request!.Items.Select(argument => Encoding.Latin1.GetString(argument.Bytes))).Append('\n');
            log = log[size..];
        }

        return TimeOfToday().Replace(text.ToString(), "NOW");
    }

    private void SendAndWait(char name, string command)
    {
        if (!_waiting.TryGetValue(name, out RespConnection? connection))
        {
            _waiting[name] = connection = _process.Connect();
        }
        long blocked = Info("blocked_clients");
        connection.Send(command);
        Patience.Until(() => Info("blocked_clients") != blocked, $"does not wait: {command}");
    }

    private long Info(string field) => InfoText.Number(_observer, field, "default");
}
