using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;

namespace Bixbite.Engine.Blocking;

/// <summary>For which keys a command waits.</summary>
/// <param name="Type">The type that one of the keys must have before the command runs again.</param>
/// <param name="FirstKey">The position of the first key among the command's arguments; the others follow it.</param>
/// <param name="KeyCount">How many keys there are; a key that is named twice counts twice.</param>
/// <param name="WantsMissing">The command also runs again when a key is gone or has another type (XREADGROUP refuses then).</param>
/// <param name="IsRefusedWithNull">Where it may not wait, its answer is a null and no null array.</param>
public readonly record struct WaitedKeys(
    KeyType Type, int FirstKey, int KeyCount = 1, bool WantsMissing = false, bool IsRefusedWithNull = false);

/// <summary>A command that waits for keys, with its places in the queues of those keys.</summary>
public sealed class KeyWait : BlockedOperation, IPlaces
{
    /// <summary>Bytes of a place in the queue of one key, estimated.</summary>
    private const long PlaceSize = 250;

    private readonly KeyWaits _owner;

    internal KeyWait(KeyWaits owner, Session session, in WaitedKeys keys, long deadlineMs)
        : base(session, deadlineMs)
    {
        _owner = owner;
        Keys = keys;
    }

    public override WaitReason Reason => WaitReason.Keys;

    internal WaitedKeys Keys { get; }

    /// <summary>The wait has ended, though queues of keys may have it still.</summary>
    internal bool IsOver { get; private set; }

    /// <summary>One for each different key.</summary>
    internal List<KeyPlace> Places { get; } = [];

    /// <summary>The null array, whatever the command's reply would have been otherwise.</summary>
    public override void AnswerTimeout(ReplyWriter reply) => reply.NullArray();

    public override void AnswerRefusal(ReplyWriter reply)
    {
        if (Keys.IsRefusedWithNull)
        {
            reply.Null();
        }
        else
        {
            reply.NullArray();
        }
    }

    /// <summary>Whether the command may have something to do with the key as it is now.</summary>
    internal bool Suits(in KeyRef at) => Keys.WantsMissing || (at.Exists && at.Record.Type == Keys.Type);

    protected override long PlacesBytes => PlaceSize * Places.Count;

    protected internal override void Began(CommandContext context) => _owner.Join(this, context);

    protected internal override void Ended()
    {
        IsOver = true;
        _owner.Leave(this);
    }

    bool IPlaces.RemoveOne()
    {
        if (Places.Count == 0)
        {
            return false;
        }
        _owner.Leave(this, Places[^1]);
        Places.RemoveAt(Places.Count - 1);
        return true;
    }
}
