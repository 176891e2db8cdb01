using Bixbite.Cluster.Document;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Transactions;
using Bixbite.Protocol;
using Bixbite.Structures.Checks;
using Bixbite.Structures.Hashing;

namespace Bixbite.Cluster.Routing;

/// <summary>
/// Decides for each request whether this node runs it, by the slot of its keys. The first key's slot is taken from its hash, which the
/// command needs anyway; all keys of a request must have the same.
/// </summary>
public sealed class SlotRouter(ClusterState state, ClusterSettings settings, TransactionQueue transactions) : ISlotRules
{
    /// <summary>Commands that name something else which is routed like keys: channels of shards, cursors.</summary>
    private const CommandFlags NamesNoKeys = CommandFlags.PubSub | CommandFlags.TouchesArbitraryKeys;

    private readonly List<KeyPosition> _found = [];

    /// <summary>Where a request belongs.</summary>
    /// <param name="context">The request; its command is resolved.</param>
    /// <param name="flags">The command's flags; of EXEC also those of the commands that it will run.</param>
    internal Route RouteOf(CommandContext context, CommandFlags flags)
    {
        Command command = context.Command;
        bool isExec = command.Has(CommandFlags.RunsTransaction);
        if (!isExec && !command.Keys.IsRouted)
        {
            return Route.Here;
        }
        var search = new SlotSearch(state, context);
        if (isExec)
        {
            Search(context, ref search);
        }
        else
        {
            SearchOne(context, ref search);
        }
        return search.Slot < 0 ? Route.Here : search.Problem != RouteKind.Here
            ? new Route(search.Problem, search.Slot, null)
            : Decide(context, flags, search, !isExec && command.Has(CommandFlags.PubSub));
    }

    /// <summary>The error that tells a client where to turn, or why it can turn nowhere.</summary>
    internal byte[] ErrorOf(Route route, Session client) => route.Kind switch
    {
        RouteKind.Moved => ClusterErrorText.Moved(route.Slot, state.EndpointOf(route.Node!), ClusterState.PortOf(route.Node!, client)),
        RouteKind.Ask => ClusterErrorText.Ask(route.Slot, state.EndpointOf(route.Node!), ClusterState.PortOf(route.Node!, client)),
        RouteKind.CrossSlot => ClusterErrorText.CrossSlot.ToArray(),
        RouteKind.TryAgain => ClusterErrorText.TryAgain.ToArray(),
        RouteKind.Down => ClusterErrorText.Down.ToArray(),
        RouteKind.DownForWrites => ClusterErrorText.DownForWrites.ToArray(),
        _ => ClusterErrorText.SlotNotServed.ToArray(),
    };

    /// <summary>The error with which a wait ends whose keys are no longer served here; null if they are.</summary>
    internal byte[]? RefusalOfWait(Session session, Command command, ReadOnlySpan<Argument> arguments)
    {
        if (!command.Keys.FindRouted(arguments, _found) || _found.Count == 0)
        {
            return null;
        }
        int slot = HashSlot.Of(arguments[_found[0].Index].Bytes);
        if (state.IsDown && !(settings.AllowsReadsWhenDown.Value && !command.Has(CommandFlags.Write)))
        {
            return ClusterErrorText.Down.ToArray();
        }
        if (state.View.IsMine(slot) || state.Open.IsImporting(slot) || ReadsHere(session, slot, command.Flags))
        {
            return null;
        }
        ClusterNode? owner = state.View.PrimaryOf(slot);
        return ErrorOf(new Route(owner is null ? RouteKind.NotServed : RouteKind.Moved, slot, owner), session);
    }

    int ISlotRules.SlotOf(CommandContext context)
    {
        var search = new SlotSearch(state, context);
        SearchOne(context, ref search);
        return search.Slot;
    }

    ReadOnlySpan<byte> ISlotRules.RefusalOf(CommandContext context, bool mayCross, ref int slot)
    {
        if (context.Session.Has(SessionFlags.Primary) || !context.Command.Keys.IsRouted)
        {
            return default;
        }
        var search = new SlotSearch(state, context);
        SearchOne(context, ref search);
        if (search.Slot < 0)
        {
            return default;
        }
        Route route = search.Problem != RouteKind.Here
            ? new Route(search.Problem, search.Slot, null)
            : Decide(context, context.Command.Flags, search, context.Command.Has(CommandFlags.PubSub));
        switch (route.Kind)
        {
            case RouteKind.Here:
                break;
            case RouteKind.Down:
                return ClusterErrorText.ScriptWhileDown;
            case RouteKind.DownForWrites:
                return ClusterErrorText.ScriptWritesWhileDown;
            default:
                return ClusterErrorText.ScriptOfForeignKey;
        }
        if (!mayCross && slot >= 0 && slot != search.Slot)
        {
            return ClusterErrorText.ScriptAcrossSlots;
        }
        slot = slot < 0 ? search.Slot : slot;
        return default;
    }

    private void Search(CommandContext context, ref SlotSearch search)
    {
        if (transactions.Of(context.Session) is not { } transaction)
        {
            return;
        }
        for (int i = 0; i < transaction.Count && search.Problem == RouteKind.Here; i++)
        {
            Command command = transaction.CommandAt(i);
            if (command.Keys.IsRouted && command.Keys.FindRouted(transaction.ArgumentsAt(i), _found))
            {
                search.Add(transaction.ArgumentsAt(i), _found, command.Has(NamesNoKeys));
            }
        }
    }

    private void SearchOne(CommandContext context, ref SlotSearch search)
    {
        KeySpecs keys = context.Command.Keys;
        if (keys.First > 0 && keys.First == keys.Last && !keys.IsMovable)
        {
            if (keys.First < context.Count)
            {
                search.Add(KeyHash.SlotOf(context.HashOf(keys.First)), context[keys.First], context.Command.Has(NamesNoKeys));
            }
            return;
        }
        if (keys.FindRouted(context.Arguments, _found))
        {
            search.Add(context.Arguments, _found, context.Command.Has(NamesNoKeys));
        }
    }

    private Route Decide(CommandContext context, CommandFlags flags, in SlotSearch search, bool isOfChannels)
    {
        Session session = context.Session;
        int slot = search.Slot;
        if (state.IsDown && RefusalWhileDown(flags, isOfChannels) is { } refusal)
        {
            return new Route(refusal, slot, null);
        }
        if (search.IsOpen && context.Command.Has(CommandFlags.MovesKeys))
        {
            return Route.Here;
        }
        if (search.IsMigrating && search.MissingCount > 0)
        {
            return search.PresentCount > 0 || !state.View.Document.Nodes.TryGetValue(search.Target, out ClusterNode? target)
                ? new Route(RouteKind.TryAgain, slot, null)
                : new Route(RouteKind.Ask, slot, target);
        }
        if (search.IsImporting && (session.Has(SessionFlags.Asking) || (flags & CommandFlags.Asking) != 0))
        {
            return search.HasSeveralKeys && search.MissingCount > 0 ? new Route(RouteKind.TryAgain, slot, null) : Route.Here;
        }
        return state.View.IsMine(slot) || ReadsHere(session, slot, flags, isOfChannels)
            ? Route.Here
            : new Route(RouteKind.Moved, slot, state.View.PrimaryOf(slot));
    }

    private RouteKind? RefusalWhileDown(CommandFlags flags, bool isOfChannels)
    {
        if (isOfChannels)
        {
            return settings.AllowsShardChannelsWhenDown.Value ? null : RouteKind.Down;
        }
        if (!settings.AllowsReadsWhenDown.Value)
        {
            return RouteKind.Down;
        }
        return (flags & CommandFlags.Write) != 0 ? RouteKind.DownForWrites : null;
    }

    /// <summary>A replica serves who has asked for it, and channels of its shard.</summary>
    private bool ReadsHere(Session session, int slot, CommandFlags flags, bool isOfChannels = false) =>
        (isOfChannels || session.Has(SessionFlags.ReadsReplica)) && (flags & CommandFlags.Write) == 0 && state.View.IsOfOwnShard(slot);
}
