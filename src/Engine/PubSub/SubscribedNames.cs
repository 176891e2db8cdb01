using Bixbite.Engine.Sessions;
using Bixbite.Structures.Text;

namespace Bixbite.Engine.PubSub;

/// <summary>The names of one kind to which a session has subscribed, until they end together.</summary>
internal sealed class SubscribedNames(Session session)
{
    /// <summary>Bytes of a subscription beside its name, estimated: its places in the sets of the name and of the session.</summary>
    private const long SubscriptionSize = 160;

    private long _heldBytes;

    public Session Session { get; } = session;

    public HashSet<byte[]> Names { get; } = new(BytesComparer.Instance);

    /// <summary>They have ended, though the pubSub's tables may have them still.</summary>
    public bool IsOver { get; private set; }

    public void End()
    {
        IsOver = true;
        Hold(-_heldBytes);
    }

    /// <summary>Makes the session hold a name more.</summary>
    public void HoldName(ReadOnlySpan<byte> name) => Hold(SubscriptionSize + name.Length);

    /// <summary>Makes the session hold a name less.</summary>
    public void LetGo(ReadOnlySpan<byte> name) => Hold(-SubscriptionSize - name.Length);

    private void Hold(long bytes)
    {
        _heldBytes += bytes;
        Session.Hold(bytes);
    }
}
