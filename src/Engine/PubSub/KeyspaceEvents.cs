using System.Buffers.Text;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Propagation;
using Bixbite.Keyspace;

namespace Bixbite.Engine.PubSub;

/// <summary>
/// Publishes what happens to keys, as far as notify-keyspace-events asks for it: the event's name to
/// <c>__keyspace@DB__:key</c>, the key to <c>__keyevent@DB__:event</c>.
/// </summary>
public sealed class KeyspaceEvents(PubSubBroker pubSub) : IChangeSubscriber
{
    private byte[] _channel = new byte[256];

    /// <summary>The classes of events that are published; set from notify-keyspace-events.</summary>
    public EventClasses Classes { get; set; }

    public void OnChange(in KeyChange change) => Publish(change.Database, change.Key, (EventClasses)change.EventClass, change.Name);

    public void OnContentReplaced(Database database)
    {
    }

    /// <summary>A key was read that does not exist.</summary>
    public void OnMiss(Database database, ReadOnlySpan<byte> key) => Publish(database, key, EventClasses.Missed, "keymiss"u8);

    /// <summary>A key came into being.</summary>
    public void OnAdded(Database database, Record record) => Publish(database, record.Key, EventClasses.New, "new"u8);

    private void Publish(Database database, ReadOnlySpan<byte> key, EventClasses classes, ReadOnlySpan<byte> name)
    {
        if ((Classes & classes) == 0)
        {
            return;
        }
        if ((Classes & EventClasses.Keyspace) != 0)
        {
            pubSub.Publish(ChannelOf("__keyspace@"u8, database, key), name);
        }
        if ((Classes & EventClasses.KeyEvent) != 0)
        {
            pubSub.Publish(ChannelOf("__keyevent@"u8, database, name), key);
        }
    }

    private ReadOnlySpan<byte> ChannelOf(ReadOnlySpan<byte> prefix, Database database, ReadOnlySpan<byte> name)
    {
        int lengthMax = prefix.Length + 16 + name.Length;
        if (_channel.Length < lengthMax)
        {
            _channel = new byte[lengthMax];
        }
        Span<byte> channel = _channel;
        prefix.CopyTo(channel);
        Utf8Formatter.TryFormat(database.Number, channel[prefix.Length..], out int digits);
        int length = prefix.Length + digits;
        "__:"u8.CopyTo(channel[length..]);
        length += 3;
        name.CopyTo(channel[length..]);
        return channel[..(length + name.Length)];
    }
}
