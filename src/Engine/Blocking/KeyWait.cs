using Bixbite.Engine.Commands;
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
public readonly record struct WaitedKeys(KeyType Type, int FirstKey, int KeyCount = 1, bool WantsMissing = false);

/// <summary>A command that waits for keys, with its request and its places in the queues of those keys.</summary>
public sealed class KeyWait : BlockedOperation
{
    private readonly KeyWaits _owner;
    private readonly KeptRequest _request;

    internal KeyWait(KeyWaits owner, Session session, Command command, KeptRequest request, in WaitedKeys keys, long deadlineMs)
        : base(session, deadlineMs)
    {
        _owner = owner;
        _request = request;
        Command = command;
        Keys = keys;
    }

    internal Command Command { get; }

    internal WaitedKeys Keys { get; }

    internal ReadOnlySpan<Argument> Arguments => _request.Arguments;

    /// <summary>One for each different key.</summary>
    internal List<KeyPlace> Places { get; } = [];

    /// <summary>Puts other bytes in the place of an argument, for when the command runs again ("$" resolved to an id).</summary>
    public void ReplaceArgument(int index, ReadOnlySpan<byte> bytes) => _request.Replace(index, bytes);

    /// <summary>The null array, whatever the command's reply would have been otherwise.</summary>
    public override void AnswerTimeout(ReplyWriter reply) => reply.NullArray();

    /// <summary>Whether the command may have something to do with the key as it is now.</summary>
    internal bool Suits(in KeyRef at) => Keys.WantsMissing || (at.Exists && at.Record.Type == Keys.Type);

    protected internal override void Ended()
    {
        _owner.Leave(this);
        _request.Dispose();
    }
}
