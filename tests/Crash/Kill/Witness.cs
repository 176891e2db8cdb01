using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Kill;

/// <summary>
/// A server that keeps nothing on a disk and is never killed. It runs what a client sent, up to where the killed server had come, and must
/// then hold the same.
/// </summary>
internal sealed class Witness : IDisposable
{
    private readonly TestServer _server = TestServer.Start("--enable-debug-command", "yes");
    private readonly RespConnection _writing;
    private readonly RespConnection _looking;

    public Witness()
    {
        _writing = _server.Connect();
        _looking = _server.Connect();
    }

    /// <summary>
    /// Finds how much of what the client sent the server that came back knows, and takes it up. It must be at least so many requests, and
    /// what it knows must be the content after some request, but not within a transaction.
    /// </summary>
    public void Check(WritingClient client, RespConnection recovered, int requestCountMin)
    {
        string[] actual = Content.Of(recovered, client.Database);
        Reply written = recovered.Call($"GET {WritingClient.SequenceKey}");
        long sequence = written.IsNull ? 0 : written.Integer;
        int operationCount = (int)(sequence - client.SequenceBefore);
        int requestCount = client.Sent.Take(Math.Max(operationCount, 0)).Sum(operation => operation.Requests.Count);
        Assert.True(
            operationCount >= 0 && operationCount <= client.Sent.Count,
            $"database {client.Database}: operation {sequence} is the last; {client.SequenceBefore} was before, then {client.Sent.Count}");
        Operation? cut = client.Sent.ElementAtOrDefault(operationCount);
        int cutCount = cut?.Requests.Count ?? 0;
        Assert.True(
            requestCount + cutCount >= requestCountMin,
            $"database {client.Database}: {requestCountMin} requests were to be kept, at most {requestCount + cutCount} were; then {cut}");

        _writing.Call($"SELECT {client.Database}");
        Run([.. client.Sent.Take(operationCount).SelectMany(operation => operation.Requests)]);
        CheckEnd(client, cut, Math.Max(requestCountMin - requestCount, 0), actual);
        client.SequenceBefore = sequence;
    }

    public void Dispose()
    {
        _writing.Dispose();
        _looking.Dispose();
        _server.Dispose();
    }

    /// <summary>The operation under way when the server was killed may have been done in part; a transaction may not.</summary>
    private void CheckEnd(WritingClient client, Operation? cut, int atLeast, string[] actual)
    {
        string[] expected = [];
        int cutCount = cut?.Requests.Count ?? 0;
        Run([.. cut?.Requests.Take(atLeast) ?? []]);
        for (int done = atLeast; ; done++)
        {
            expected = Content.Of(_looking, client.Database);
            if (expected.SequenceEqual(actual))
            {
                if (cut?.Requests[0] == "MULTI" && done > 0 && done < cutCount)
                {
                    _writing.Call("DISCARD");
                }
                return;
            }

            if (done >= cutCount)
            {
                break;
            }
            Run([cut!.Requests[done]]);
        }

        Assert.Fail($"database {client.Database} is none of the contents around: {cut}\n{Content.Difference(expected, actual)}");
    }

    private void Run(IReadOnlyList<string> requests)
    {
        foreach (string[] pipeline in requests.Chunk(256))
        {
            _writing.Send(pipeline.SelectMany(CommandLine.Encode).ToArray());
            foreach (string _ in pipeline)
            {
                _writing.Read();
            }
        }
    }
}
