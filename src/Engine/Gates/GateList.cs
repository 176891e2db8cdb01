using System.Numerics;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Transactions;
using Bixbite.Memory;

namespace Bixbite.Engine.Gates;

/// <summary>
/// The gates that a request passes before its command runs. What has been raised decides which of them are asked; of nothing raised, which
/// is nearly always so, none is:
/// <code>
///   raised for all | raised for the session | raised by the command  ── 0 ──> admitted
///                                                                    ── lowest bit first: gate.Ask ──> refused, postponed, or the next bit
/// </code>
/// A module brings its gate by one <see cref="Add"/>.
/// </summary>
/// <param name="table">The commands, all of them.</param>
/// <param name="raised">What is raised for all.</param>
/// <param name="transactions">Tell what EXEC is about to run.</param>
public sealed class GateList(CommandTable table, RaisedConcerns raised, TransactionQueue transactions)
{
    private const int PlaceCount = 32;

    /// <summary>EXEC may do what all of its commands may.</summary>
    private const CommandFlags Permissions = CommandFlags.Loading | CommandFlags.Stale;

    private readonly Gate?[] _gates = new Gate?[PlaceCount];

    /// <summary>The gates in the order in which they are asked.</summary>
    public IEnumerable<Gate> All => _gates.OfType<Gate>();

    /// <summary>From now on the gate is asked about what raises its concern.</summary>
    public void Add(Gate gate)
    {
        uint bit = (uint)gate.Concern;
        Invariant.Require(BitOperations.IsPow2(bit), "A gate has one bit.");
        ref Gate? place = ref _gates[BitOperations.TrailingZeroCount(bit)];
        Invariant.Require(place is null, "A concern has one gate.");
        place = gate;
        foreach (Command command in table.All)
        {
            if (command.Has(gate.RaisedBy))
            {
                command.Concerns |= gate.Concern;
            }
        }
    }

    /// <summary>Whether something is raised for all.</summary>
    internal bool IsRaised(Concern concern) => raised.Has(concern);

    /// <summary>Decides on the request; its command is resolved.</summary>
    public Verdict Ask(CommandContext context)
    {
        Concern concerns = raised.All | context.Session.Concerns | context.Command.Concerns;
        return concerns == Concern.None ? Verdict.Admitted : Ask(context, (uint)concerns);
    }

    /// <summary>Decides on a request that only these concerns may keep from running, and that is no client's: one of a script.</summary>
    internal Verdict Ask(CommandContext context, CommandFlags flags, Concern among)
    {
        uint bits = (uint)((raised.All | context.Session.Concerns) & among);
        for (; bits != 0; bits &= bits - 1)
        {
            Verdict verdict = _gates[BitOperations.TrailingZeroCount(bits)]?.Ask(context, flags) ?? Verdict.Admitted;
            if (verdict != Verdict.Admitted)
            {
                return verdict;
            }
        }
        return Verdict.Admitted;
    }

    private Verdict Ask(CommandContext context, uint bits)
    {
        Command command = context.Command;
        CommandFlags flags = FlagsOf(context);
        while (bits != 0)
        {
            int place = BitOperations.TrailingZeroCount(bits);
            Verdict verdict = _gates[place]?.Ask(context, flags) ?? Verdict.Admitted;
            if (verdict != Verdict.Admitted)
            {
                command.Statistics.RejectedCalls += verdict == Verdict.Postponed ? 0 : 1;
                return verdict;
            }

            // What the gate did may concern those that follow: what is evicted is written to the log.
            uint followers = uint.MaxValue << place << 1;
            bits = (uint)(raised.All | context.Session.Concerns | command.Concerns) & followers;
        }
        return Verdict.Admitted;
    }

    private CommandFlags FlagsOf(CommandContext context)
    {
        Command command = context.Command;
        if (!(context.Session.Has(SessionFlags.InTransaction) && command.Has(CommandFlags.RunsTransaction)))
        {
            return command.FlagsOf(context);
        }
        Transaction transaction = transactions.Of(context.Session)!;
        return ((command.Flags | transaction.Flags) & ~Permissions) | (command.Flags & transaction.CommonFlags & Permissions);
    }
}
