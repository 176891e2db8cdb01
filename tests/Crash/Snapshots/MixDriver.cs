using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Snapshots;

/// <summary>
/// Clients of one server that change large values in turn, and one that asks. When no answer comes for a while, <c>heal</c> makes well
/// whatever hangs, if it is given.
/// </summary>
internal sealed class MixDriver(LocalServer server, Random random, bool mayFlush, Action? heal = null) : IDisposable
{
    private const int ClientCount = 3;
    private const int FillBatch = 200;
    private const int SilenceMs = 30;

    private readonly RespConnection[] _connections = [.. Enumerable.Range(0, ClientCount).Select(_ => server.Connect())];
    private readonly RespConnection _asking = server.Connect();
    private readonly LargeMix _mix = new(random, mayFlush);

    public void Fill(int count)
    {
        foreach (string[] batch in _mix.Filling(count).Chunk(FillBatch))
        {
            Run(_connections[0], batch);
        }
    }

    /// <summary>Each client changes some values.</summary>
    public void Change(int countMax)
    {
        foreach (RespConnection connection in _connections)
        {
            Run(connection, [.. _mix.Some(countMax)]);
        }
    }

    /// <summary>Sends these one after the other, with nothing in between; the replies.</summary>
    public Reply[] Ask(params string[] commands)
    {
        foreach (string command in commands)
        {
            _asking.Send(command);
        }
        return [.. commands.Select(_ => Read(_asking))];
    }

    /// <summary>What is there, and the answer to a command that begins something at that moment.</summary>
    public (string Digest, Reply Answer) AskFrom(string command) =>
        Ask("DEBUG DIGEST", command) is [var digest, var answer] ? (digest.Text, answer) : throw new InvalidOperationException();

    /// <summary>Removes everything; returns the memory in use then.</summary>
    public string Empty()
    {
        foreach (RespConnection connection in _connections)
        {
            connection.Call("SELECT 0");
        }
        Assert.Equal("OK", server.Call("CONFIG SET activedefrag no").Text);
        Assert.Equal("OK", server.Call("FLUSHALL").Text);
        server.AwaitInfo("lazyfree_pending_objects", "0");
        server.AwaitInfo("used_memory_workspace", server.Info("used_memory_workspace"));
        return server.Info("used_memory");
    }

    public void Dispose()
    {
        Array.ForEach(_connections, static connection => connection.Dispose());
        _asking.Dispose();
    }

    /// <summary>Some commands of random ones are errors.</summary>
    private void Run(RespConnection connection, string[] commands)
    {
        foreach (string command in commands)
        {
            connection.Send(command);
        }
        foreach (string _ in commands)
        {
            Read(connection);
        }
    }

    private Reply Read(RespConnection connection)
    {
        if (heal is not null && connection.IsSilent(SilenceMs))
        {
            heal();
        }
        return connection.Read();
    }

    /// <summary>The digest of the keys that a server finds on that disk.</summary>
    public static string DigestOn(SimulatedDisk disk, params string[] options)
    {
        using LocalServer loaded = LocalServer.StartReady(disk, options);
        return loaded.Call("DEBUG DIGEST").Text;
    }
}
