using Bixbite.Configuration;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Statistics;
using Bixbite.Engine.Transactions;
using Bixbite.Keyspace;

namespace Bixbite.Engine.Gates;

/// <summary>The gates that every server has: the one list of them, for servers and for tests of the engine.</summary>
public static class ServerGates
{
    public static GateList Create(
        CommandTable table, RaisedConcerns raised, TransactionQueue transactions, Settings settings, MemoryGauge memory,
        Eviction eviction, PauseGate pause, DataState state)
    {
        var gates = new GateList(table, raised, transactions);
        gates.Add(new ProtectedGate(settings));
        gates.Add(new UnauthenticatedGate());
        gates.Add(new NoMultiGate());
        gates.Add(new MemoryLimitGate(memory, eviction, pause, raised));
        gates.Add(new SnapshotGate(settings));
        gates.Add(new AofGate(state));
        gates.Add(new SubscriberGate());
        gates.Add(new LoadingGate());
        gates.Add(pause);
        return gates;
    }
}
