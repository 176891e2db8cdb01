using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Protocol;

namespace Bixbite.Engine.Transactions;

/// <summary>The rest of a transaction one of whose requests takes long: that one, and those that follow.</summary>
/// <param name="runner">Runs them.</param>
/// <param name="session">Whose transaction it is.</param>
/// <param name="transaction">Taken from the session, to be given back at the end.</param>
/// <param name="within">The origin of its requests.</param>
internal sealed class LongTransaction(TransactionRunner runner, Session session, Transaction transaction, Origin within)
    : LongOperation(session)
{
    public Transaction Transaction => transaction;

    public Origin Within => within;

    /// <summary>The request that takes long.</summary>
    public required int Index { get; set; }

    public required LongOperation Current { get; set; }

    public override ReadOnlySpan<byte> BusyError => Current.BusyError;

    internal override ReadOnlySpan<Argument> Request => Transaction.Requests.Arguments(Index);

    public override bool Run(CommandContext context, Func<bool> isSliceOver) => runner.GoOn(context, this, isSliceOver);

    public override bool IsResting => Current.IsResting;

    public override bool HoldsOthers => Current.HoldsOthers;

    public override bool TryStop() => Current.TryStop();
}
