using System.Runtime.InteropServices;
using Bixbite.Cluster.Routing;
using Bixbite.Commands.Cluster.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;

namespace Bixbite.Commands.Cluster;

/// <summary>
/// Removing the keys of a slot: CLUSTER FLUSHSLOT. Each is told and propagated as a key that was deleted, so that whoever follows need not
/// know of slots.
/// </summary>
public sealed class ClusterFlushSlot(ClusterState cluster, Databases databases, LazyFreeSettings settings)
{
    private const int StepSize = 64;

    private readonly List<Record> _found = [];

    /// <summary>The key that is removed: its own bytes go with it.</summary>
    private readonly List<byte> _key = [];

    [Command(
        "cluster|flushslot", Group = "cluster", Since = "9.0.0", Arity = -3, Databases = "all",
        Flags = "write no_async_loading admin", Categories = "keyspace",
        Complexity = "O(N) with N the number of keys in the slot",
        Summary = "Removes all keys of a slot from this node.",
        Syntax = "slot:integer [flush-type: ASYNC | SYNC]")]
    public void FlushSlot(CommandContext context)
    {
        if (!ClusterAccess.IsEnabled(context, cluster) || !ClusterAccess.TryReadSlot(context, 2, out int slot))
        {
            return;
        }
        if (!FlushMode.TryRead(context, 3, out bool? isLazy))
        {
            context.Reply.Error(ErrorText.Syntax);
            return;
        }
        foreach (Database database in databases.InOrder())
        {
            Empty(context, database, slot, isLazy ?? settings.UserFlush.Value);
        }
        context.Reply.Ok();
    }

    private void Empty(CommandContext context, Database database, int slot, bool isLazy)
    {
        if (database.CountInSlot(slot) == 0)
        {
            return;
        }
        ulong cursor = 0;
        do
        {
            _found.Clear();
            cursor = database.ScanSlot(slot, cursor, StepSize, _found);
            foreach (Record found in _found)
            {
                Remove(context, database, found.Key, isLazy);
            }
        }
        while (cursor != 0);
        _found.Clear();
    }

    private void Remove(CommandContext context, Database database, ReadOnlySpan<byte> name, bool isLazy)
    {
        _key.Clear();
        _key.AddRange(name);
        ReadOnlySpan<byte> key = CollectionsMarshal.AsSpan(_key);
        KeyRef at = database.Find(key);
        database.Remove(ref at, isLazy);
        context.Effects.Begin(database, 2);
        context.Effects.Add(isLazy ? "UNLINK"u8 : "DEL"u8);
        context.Effects.Add(key);
        context.Changed(database, key, KeyEventClass.Generic, "del"u8);
    }
}
