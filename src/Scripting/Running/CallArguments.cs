using Bixbite.Lua.Values;
using Bixbite.Memory;
using Bixbite.Protocol;
using Bixbite.Scripting.Conversions;

namespace Bixbite.Scripting.Running;

/// <summary>
/// Makes requests of the arguments of <c>redis.call</c>: strings and numbers, copied one after the other. Everything is used again, so that
/// a call allocates nothing.
/// <code>
///   text   | S E T | k | 1 7 |          arguments: an address and a length each
/// </code>
/// </summary>
internal sealed class CallArguments(Heap heap) : IDisposable
{
    /// <summary>More is given back at the next call, in bytes.</summary>
    private const int SizeKept = 64 * 1024;

    /// <summary>No request takes more, in bytes.</summary>
    private const int SizeMax = 1 << 30;

    private readonly NativeBuffer _text = new(heap, 256);

    public RequestBatch Batch { get; } = new(heap, argumentCapacity: 16, requestCapacity: 1);

    /// <summary>Makes the one request of the batch.</summary>
    /// <returns>False if one of the values is no argument.</returns>
    public bool TryRead(ReadOnlySpan<LuaValue> values)
    {
        if (!TryMeasure(values, out long size))
        {
            return false;
        }
        if (size > SizeMax)
        {
            throw LuaException.NotEnoughMemory();
        }
        Batch.Clear();
        _text.Shrink(SizeKept);
        Span<byte> rest = _text.Reserve((int)size);
        ulong address = _text.Address;
        Span<Argument> arguments = Batch.Reserve(values.Length);
        for (int i = 0; i < arguments.Length; i++)
        {
            ref readonly LuaValue value = ref values[i];
            int length = value.Object is LuaString text ? text.CopyTo(rest) : ArgumentNumber.Write(value.Number, rest);
            arguments[i] = new Argument(address, length);
            address += (uint)length;
            rest = rest[length..];
        }
        Batch.Add(arguments.Length);
        return true;
    }

    public void Dispose()
    {
        Batch.Dispose();
        _text.Dispose();
    }

    /// <summary>At most so many bytes are needed; false if one of the values is no argument.</summary>
    private static bool TryMeasure(ReadOnlySpan<LuaValue> values, out long size)
    {
        size = LuaString.ShortMax;
        foreach (ref readonly LuaValue value in values)
        {
            if (value.Object is LuaString text)
            {
                size += text.Length;
            }
            else if (value.IsNumber)
            {
                size += ArgumentNumber.SizeMax;
            }
            else
            {
                return false;
            }
        }
        return true;
    }
}
