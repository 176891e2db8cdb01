using Bixbite.Engine.Execution;
using Bixbite.Replication.Primary;
using Bixbite.Replication.Streaming;
using Bixbite.Structures.Checks;
using Bixbite.Structures.Text;

namespace Bixbite.Cluster.Statistics;

/// <summary>Counts the bytes of the stream to replicas at the slots of the keys that its requests name, once for each replica.</summary>
public sealed class SlotStream(SlotStatistics statistics, CommandTable table, Replicas replicas) : IStreamObserver
{
    private const int None = -1;

    /// <summary>The slot of the request that is told.</summary>
    private int _slot = None;

    public void Append(ReadOnlySpan<byte> request)
    {
        _slot = replicas.Count > 0 ? SlotOf(request) : None;
        Continue(request.Length);
    }

    public void Continue(int size)
    {
        if (_slot >= 0)
        {
            statistics.Add(_slot, new SlotUse(0, 0, (long)size * replicas.Count));
        }
    }

    /// <summary>Where the first key stands follows from the command's name, or from those of container and subcommand.</summary>
    private int SlotOf(ReadOnlySpan<byte> request)
    {
        if (!TryTakeCount(ref request, (byte)'*', out int count) || !TryTake(ref request, out ReadOnlySpan<byte> name))
        {
            return None;
        }
        ReadOnlySpan<byte> argument = default;
        int position = 0;
        if (count > 1 && TryTake(ref request, out argument))
        {
            position = 1;
        }
        int keyAt = table.Find(name, argument)?.Keys.FixedFirst ?? 0;
        while (position > 0 && position < keyAt)
        {
            position = ++position < count && TryTake(ref request, out argument) ? position : 0;
        }
        return keyAt > 0 && position == keyAt ? HashSlot.Of(argument) : None;
    }

    /// <summary>Takes the next argument from the front; false if it is not there as a whole.</summary>
    private static bool TryTake(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> argument)
    {
        argument = default;
        if (!TryTakeCount(ref rest, (byte)'$', out int length) || rest.Length < length + 2)
        {
            return false;
        }
        argument = rest[..length];
        rest = rest[(length + 2)..];
        return true;
    }

    private static bool TryTakeCount(scoped ref ReadOnlySpan<byte> rest, byte type, out int count)
    {
        count = 0;
        int end = rest.IndexOf((byte)'\r');
        if (end < 2 || rest.Length < end + 2 || rest[0] != type || !Integers.TryParse(rest[1..end], out long number)
            || number is < 0 or > int.MaxValue - 2)
        {
            return false;
        }
        count = (int)number;
        rest = rest[(end + 2)..];
        return true;
    }
}
