using Bixbite.Engine.Execution;
using Bixbite.Engine.Requests;
using Bixbite.Engine.Sessions;
using Bixbite.Protocol;
using Bixbite.Unit.Engine.Commands;

namespace Bixbite.Unit.Engine;

/// <summary>A client within the process. Requests are words between blanks; replies are RESP with blanks in place of line ends.</summary>
internal sealed class EngineClient(EngineFixture engine, Session session, CollectingLink link)
{
    public Session Session => session;

    public CollectingLink Link => link;

    /// <summary>What became of the latest request.</summary>
    public Outcome Outcome { get; private set; }

    /// <summary>Runs one request in a round of its own; its reply, as far as there is one yet.</summary>
    public string Send(string line) => SendAll(line);

    /// <summary>Runs one request of these words, which may have blanks.</summary>
    public string SendWords(params ReadOnlySpan<string> words)
    {
        using var batch = new RequestBatch(engine.Workspace);
        batch.Add(PinnedRequest.Of(words));
        return Run(batch);
    }

    /// <summary>Runs requests in one round, looked up together; the replies one after the other.</summary>
    public string SendAll(params ReadOnlySpan<string> lines)
    {
        using var batch = new RequestBatch(engine.Workspace);
        foreach (string line in lines)
        {
            batch.Add(PinnedRequest.Of(line));
        }
        return Run(batch);
    }

    /// <summary>What came outside of replies since the last call.</summary>
    public string Received() => EngineFixture.Plain(link.Take());

    private string Run(RequestBatch batch)
    {
        engine.Rounds.Begin();
        engine.Executor.Prefetch(session.Database, batch, 0, batch.Count);
        for (int i = 0; i < batch.Count && session.IsReady; i++)
        {
            Outcome = engine.Executor.Execute(engine.Context, session, batch, i);
        }
        engine.Rounds.End();
        return EngineFixture.Take(engine.Context.Reply);
    }
}
