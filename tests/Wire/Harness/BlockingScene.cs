namespace Bixbite.Wire.Harness;

/// <summary>A server, a client that acts, and clients that wait.</summary>
internal sealed class BlockingScene : IDisposable
{
    private readonly TestServer _server;
    private readonly List<RespConnection> _clients = [];
    private int _blockedCount;

    public BlockingScene(string loopCount)
    {
        _server = TestServer.Start("--io-threads", loopCount);
        Judge = Open();
    }

    public RespConnection Judge { get; }

    public RespConnection Open()
    {
        RespConnection client = _server.Connect();
        _clients.Add(client);
        return client;
    }

    /// <summary>A new client that waits when this returns.</summary>
    public RespConnection Wait(string command)
    {
        RespConnection client = Open();
        Wait(client, command);
        return client;
    }

    public void Wait(RespConnection client, string command)
    {
        _blockedCount = BlockedCount();
        client.Send(command);
        UntilBlocked(_blockedCount + 1);
    }

    public void UntilBlocked(int count) => Judge.AwaitBlocked(count);

    public void Dispose()
    {
        _clients.ForEach(client => client.Dispose());
        _server.Dispose();
    }

    private int BlockedCount()
    {
        const string field = "blocked_clients:";
        string info = Judge.Call("INFO clients").Text;
        int start = info.IndexOf(field, StringComparison.Ordinal) + field.Length;
        return int.Parse(info.AsSpan(start, info.IndexOf('\r', start) - start), System.Globalization.CultureInfo.InvariantCulture);
    }
}
