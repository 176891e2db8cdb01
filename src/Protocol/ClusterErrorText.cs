using System.Globalization;
using System.Text;

namespace Bixbite.Protocol;

/// <summary>The errors of clusters, equal to those of Redis where it has them.</summary>
public static class ClusterErrorText
{
    // Requests with keys.

    public static ReadOnlySpan<byte> CrossSlot => "CROSSSLOT Keys in request don't hash to the same slot"u8;
    public static ReadOnlySpan<byte> TryAgain => "TRYAGAIN Multiple keys request during rehashing of slot"u8;
    public static ReadOnlySpan<byte> Down => "CLUSTERDOWN The cluster is down"u8;
    public static ReadOnlySpan<byte> DownForWrites => "CLUSTERDOWN The cluster is down and only accepts read commands"u8;
    public static ReadOnlySpan<byte> SlotNotServed => "CLUSTERDOWN Hash slot not served"u8;
    public static ReadOnlySpan<byte> ScriptWithoutCluster => "ERR Can not run script on cluster, 'no-cluster' flag is set."u8;
    public static ReadOnlySpan<byte> ScriptOfForeignKey => "ERR Script attempted to access a non local key in a cluster node"u8;
    public static ReadOnlySpan<byte> ScriptAcrossSlots =>
        "ERR Script attempted to access keys that do not hash to the same slot"u8;
    public static ReadOnlySpan<byte> ScriptWhileDown => "ERR Script attempted to execute a command while the cluster is down"u8;
    public static ReadOnlySpan<byte> ScriptWritesWhileDown =>
        "ERR Script attempted to execute a write command while the cluster is down and readonly"u8;

    // Commands that a cluster does not allow.

    public static ReadOnlySpan<byte> NoSelect => "ERR SELECT is not allowed in cluster mode"u8;
    public static ReadOnlySpan<byte> NoSwapDb => "ERR SWAPDB is not allowed in cluster mode"u8;
    public static ReadOnlySpan<byte> NoMove => "ERR MOVE is not allowed in cluster mode"u8;
    public static ReadOnlySpan<byte> NoCopyToOthers => "ERR Copying to another database is not allowed in cluster mode"u8;
    public static ReadOnlySpan<byte> NoReplicaOf => "ERR REPLICAOF not allowed in cluster mode."u8;
    public static ReadOnlySpan<byte> NoFailover => "ERR FAILOVER not allowed in cluster mode. Use CLUSTER FAILOVER command instead."u8;
    public static ReadOnlySpan<byte> NoSortBy =>
        "ERR BY option of SORT denied in Cluster mode when keys formed by the pattern may be in different slots."u8;
    public static ReadOnlySpan<byte> NoSortGet =>
        "ERR GET option of SORT denied in Cluster mode when keys formed by the pattern may be in different slots."u8;

    // CLUSTER.

    public static ReadOnlySpan<byte> Disabled => "ERR This instance has cluster support disabled"u8;
    public static ReadOnlySpan<byte> InvalidSlot => "ERR Invalid slot"u8;
    public static ReadOnlySpan<byte> SlotOutOfRange => "ERR Invalid or out of range slot"u8;
    public static ReadOnlySpan<byte> InvalidSlotOrCount => "ERR Invalid slot or number of keys"u8;
    public static ReadOnlySpan<byte> SetSlotSyntax => "ERR Invalid CLUSTER SETSLOT action or number of arguments. Try CLUSTER HELP"u8;
    public static ReadOnlySpan<byte> SetSlotOnReplica => "ERR You can use SETSLOT only with masters."u8;
    public static ReadOnlySpan<byte> TargetIsReplica => "ERR Target node is not a master"u8;
    public static ReadOnlySpan<byte> NotAPrimary => "ERR The specified node is not a master"u8;
    public static ReadOnlySpan<byte> EpochOfMany =>
        "ERR The user can assign a config epoch only when the node does not know any other node."u8;
    public static ReadOnlySpan<byte> EpochIsSet => "ERR Node config epoch is already non-zero"u8;
    public static ReadOnlySpan<byte> NotEmpty => "ERR DB must be empty to perform CLUSTER FLUSHSLOTS."u8;

    public static ReadOnlySpan<byte> InvalidCursor => "ERR Invalid cursor"u8;
    public static ReadOnlySpan<byte> CursorOfOtherSlot => "ERR Cursor slot mismatch"u8;
    public static ReadOnlySpan<byte> SlotOptionTwice => "ERR SLOT option can only be specified once"u8;
    public static ReadOnlySpan<byte> UnknownMetric => "ERR Unrecognized sort metric for ORDERBY."u8;
    public static ReadOnlySpan<byte> FilterTwice => "ERR Multiple filters of the same type are disallowed."u8;
    public static ReadOnlySpan<byte> LimitOfSlots =>
        "ERR Limit has to lie in between 1 and 16384 (maximum number of slots)."u8;

    /// <summary>For an answer that comes later, where nobody waits: in transactions and scripts.</summary>
    public static ReadOnlySpan<byte> MustWait => "ERR The nodes of the cluster have not agreed yet, and nothing waits here"u8;

    /// <summary>The slot is another node's.</summary>
    public static byte[] Moved(int slot, string? host, int port) => Redirection("MOVED", slot, host, port);

    /// <summary>The slot is about to be another node's, which answers this one request.</summary>
    public static byte[] Ask(int slot, string? host, int port) => Redirection("ASK", slot, host, port);

    public static void SlotTwice(ReplyWriter reply, int slot) =>
        new ErrorLine(reply).Text("ERR Slot "u8).Integer(slot).Text(" specified multiple times"u8).End();

    public static void SlotIsBusy(ReplyWriter reply, int slot) =>
        new ErrorLine(reply).Text("ERR Slot "u8).Integer(slot).Text(" is already busy"u8).End();

    public static void SlotIsFree(ReplyWriter reply, int slot) =>
        new ErrorLine(reply).Text("ERR Slot "u8).Integer(slot).Text(" is already unassigned"u8).End();

    public static void SlotOfAnother(ReplyWriter reply, int slot) =>
        new ErrorLine(reply).Text("ERR Slot "u8).Integer(slot).Text(" belongs to another node than the first one"u8).End();

    public static void SlotIsMoving(ReplyWriter reply, int slot) =>
        new ErrorLine(reply).Text("ERR Slot "u8).Integer(slot).Text(" is being moved"u8).End();

    public static void RangeInDisorder(ReplyWriter reply, int first, int last) => new ErrorLine(reply)
        .Text("ERR start slot number "u8).Integer(first).Text(" is greater than end slot number "u8).Integer(last).End();

    /// <summary>The same of CLUSTER SLOT-STATS, which begins its words with a capital.</summary>
    public static void SlotsInDisorder(ReplyWriter reply, int first, int last) => new ErrorLine(reply)
        .Text("ERR Start slot number "u8).Integer(first).Text(" is greater than end slot number "u8).Integer(last).End();

    public static void NotTheOwner(ReplyWriter reply, int slot) =>
        new ErrorLine(reply).Text("ERR I'm not the owner of hash slot "u8).Integer(slot).End();

    public static void AlreadyTheOwner(ReplyWriter reply, int slot) =>
        new ErrorLine(reply).Text("ERR I'm already the owner of hash slot "u8).Integer(slot).End();

    public static void UnknownNode(ReplyWriter reply, ReadOnlySpan<byte> id) =>
        new ErrorLine(reply).Text("ERR Unknown node "u8).Argument(id).End();

    public static void NodeIsUnknown(ReplyWriter reply, ReadOnlySpan<byte> id) =>
        new ErrorLine(reply).Text("ERR I don't know about node "u8).Argument(id).End();

    public static void StillHasKeys(ReplyWriter reply, int slot) => new ErrorLine(reply).Text("ERR Can't assign hashslot "u8).Integer(slot)
        .Text(" to a different node while I still hold keys for this hash slot."u8).End();

    public static void InvalidEpoch(ReplyWriter reply, long epoch) =>
        new ErrorLine(reply).Text("ERR Invalid config epoch specified: "u8).Integer(epoch).End();

    /// <summary>The cluster did not do it, for this reason.</summary>
    public static void NotDone(ReplyWriter reply, ReadOnlySpan<byte> reason) =>
        new ErrorLine(reply).Text("ERR The cluster refused the change: "u8).Argument(reason).End();

    private static byte[] Redirection(string word, int slot, string? host, int port) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{word} {slot} {host}:{port}"));
}
