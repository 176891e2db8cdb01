using Bixbite.Engine.Execution;
using Bixbite.Engine.Facts;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.Sessions;
using Bixbite.Keyspace;

namespace Bixbite.Engine.Transactions;

/// <summary>MULTI and EXEC, and the keys that are watched.</summary>
public sealed class TransactionsModule : Module
{
    public override void Add(ServerBuilder server)
    {
        WatchedKeys watches = server.Add(new WatchedKeys(server.Get<KeyAccess>(), server.Get<LazyRemoval>(), server.Sessions));
        server.Get<ChangeFeed>().Subscribe(watches);
        TransactionQueue queue = server.AddPart(new TransactionQueue(watches, server.Workspace, server.Sessions));
        server.Add(new TransactionRunner(server.Get<CommandRunner>(), queue));
        InfoSection clients = server.Info["Clients"];
        clients.Gauge("watching_clients", () => watches.SessionCount);
        clients.Gauge("total_watched_keys", () => watches.KeyCount);
    }
}
