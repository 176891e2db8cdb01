using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Protocol;
using Bixbite.Structures.Checks;

namespace Bixbite.Cluster.Statistics;

/// <summary>
/// Finds the slot of each call, and counts it there. Scripts and transactions are of the slot of the calls within them: these come first,
/// and what they say is kept until the call around them is over.
/// <code>
///   MULTI, SET {a}, GET {a}, EXEC     SET ── within ──┐
///                                     GET ── within ──┴─ slot of {a}, bytes of both ── EXEC: time, bytes, reply
/// </code>
/// A script that has used several slots is of none.
/// </summary>
public sealed class SlotCalls(SlotStatistics statistics) : ICallObserver
{
    private const int None = -1;
    private const int Several = -2;

    private readonly List<KeyPosition> _found = [];

    /// <summary>Who has sent the script or the transaction of the calls within that have come so far; null where there were none.</summary>
    private Session? _caller;

    private int _slotWithin;
    private long _sizeWithin;

    /// <summary>The bytes that a client sends to begin the transaction that an EXEC runs.</summary>
    private static int MultiSize => "*1\r\n$5\r\nMULTI\r\n".Length;

    public void Ran(in CommandCall call)
    {
        if (call.Origin.IsScripted || call.Origin.IsInTransaction)
        {
            NoteWithin(call);
            return;
        }
        int slot = SlotOf(call);
        long size = RequestFormat.ReceivedSizeOf(call.Arguments);
        if (ReferenceEquals(_caller, call.Session))
        {
            slot = Join(slot, _slotWithin);
            size += _sizeWithin + (call.Command.Has(CommandFlags.RunsTransaction) ? MultiSize : 0);
            _caller = null;
        }
        if (slot >= 0)
        {
            long replySize = call.Session.Has(SessionFlags.Primary) ? 0 : call.ReplySize;
            statistics.Add(slot, new SlotUse(call.DurationUs, size, replySize));
        }
    }

    private static int Join(int slot, int other) => slot == None || slot == other ? other : other == None ? slot : Several;

    private void NoteWithin(in CommandCall call)
    {
        if (!ReferenceEquals(_caller, call.Session))
        {
            _caller = call.Session;
            _slotWithin = None;
            _sizeWithin = 0;
        }
        _slotWithin = Join(_slotWithin, SlotOf(call));
        _sizeWithin += call.Origin.IsInTransaction ? RequestFormat.SizeOf(call.Arguments) : 0;
    }

    /// <summary>All keys of a call have the same slot, as its gate demands. To a replica channels come from all slots.</summary>
    private int SlotOf(in CommandCall call)
    {
        KeySpecs keys = call.Command.Keys;
        if (keys.FixedFirst > 0)
        {
            return keys.FixedFirst < call.Arguments.Length ? HashSlot.Of(call.Arguments[keys.FixedFirst].Bytes) : None;
        }
        bool isFound = keys.IsRouted
            && (call.Session.Has(SessionFlags.Primary)
                ? keys.Find(call.Arguments, _found)
                : keys.FindRouted(call.Arguments, _found));
        return isFound && _found.Count > 0 ? HashSlot.Of(call.Arguments[_found[0].Index].Bytes) : None;
    }
}
