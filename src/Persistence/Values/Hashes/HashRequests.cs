using System.Buffers;
using Bixbite.Protocol;
using Bixbite.Types.Hashes;

namespace Bixbite.Persistence.Values.Hashes;

/// <summary>The requests that make a hash: fields come in parts, or one by one with their deadlines where there are any.</summary>
internal sealed class HashRequests(long count, bool expire)
{
    private RequestParts _parts = new(count);

    public void Write(
        IBufferWriter<byte> target, ReadOnlySpan<byte> key, ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, long deadlineMs)
    {
        Begin(target, key, field);
        target.Add(value);
        if (deadlineMs != FieldDeadlines.None)
        {
            WriteDeadline(target, key, field, deadlineMs);
        }
    }

    /// <summary>Writes what stands before a field's value.</summary>
    public void Begin(IBufferWriter<byte> target, ReadOnlySpan<byte> key, ReadOnlySpan<byte> field)
    {
        if (expire)
        {
            _parts = new RequestParts(1);
        }
        _parts.Next(target, "HMSET"u8, key, 2);
        target.Add(field);
    }

    public static void WriteDeadline(IBufferWriter<byte> target, ReadOnlySpan<byte> key, ReadOnlySpan<byte> field, long deadlineMs)
    {
        target.Begin(6);
        target.Add("HPEXPIREAT"u8);
        target.Add(key);
        target.Add(deadlineMs);
        target.Add("FIELDS"u8);
        target.Add("1"u8);
        target.Add(field);
    }
}
