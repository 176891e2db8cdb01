using Bixbite.Lua.Values;
using Bixbite.Memory;
using Bixbite.Protocol;
using Bixbite.Scripting.Conversions;

namespace Bixbite.Scripting.Running;

/// <summary>
/// Makes requests of the arguments of <c>redis.call</c>: strings and numbers, copied one after the other. Everything is used again, so that
/// a call allocates nothing.
/// <code>
///   text   | S E T | k | 1 7 |          arguments: an address and a length each, once all are copied
/// </code>
/// </summary>
internal sealed class CallArguments(Heap heap) : IDisposable
{
    /// <summary>More is given back after a call, in bytes.</summary>
    private const int SizeKept = 64 * 1024;

    private const int CountKept = 1024;

    /// <summary>No request takes more, in bytes.</summary>
    private const int SizeMax = 1 << 30;

    private readonly NativeBuffer _text = new(heap, 256);
    private int[] _sizes = new int[16];
    private Argument[] _arguments = new Argument[16];

    public RequestBatch Batch { get; } = new(heap, argumentCapacity: 16, requestCapacity: 1);

    /// <summary>Makes the one request of the batch.</summary>
    /// <returns>False if one of the values is no argument.</returns>
    public bool TryRead(ReadOnlySpan<LuaValue> values)
    {
        Begin(values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            int start = _text.Length;
            if (!TryCopy(values[i]))
            {
                return false;
            }
            _sizes[i] = _text.Length - start;
        }
        ulong address = _text.Address;
        for (int i = 0; i < values.Length; i++)
        {
            _arguments[i] = new Argument(address, _sizes[i]);
            address += (uint)_sizes[i];
        }
        Batch.Add(_arguments.AsSpan(0, values.Length));
        return true;
    }

    public void Dispose()
    {
        Batch.Dispose();
        _text.Dispose();
    }

    private void Begin(int count)
    {
        Batch.Clear();
        _text.Truncate(0);
        _text.Shrink(SizeKept);
        if (count > _sizes.Length || _sizes.Length > Math.Max(count, CountKept))
        {
            int capacity = Math.Max(count, Math.Min(_sizes.Length * 2, CountKept));
            _sizes = new int[capacity];
            _arguments = new Argument[capacity];
        }
    }

    private bool TryCopy(LuaValue value)
    {
        if (value.IsNumber)
        {
            _text.Advance(ArgumentNumber.Write(value.Number, _text.Reserve(ArgumentNumber.SizeMax)));
            return true;
        }
        if (value.Object is not LuaString text)
        {
            return false;
        }
        if (text.Length > SizeMax - _text.Length)
        {
            throw LuaException.NotEnoughMemory();
        }
        text.Span.CopyTo(_text.Reserve(text.Length));
        _text.Advance(text.Length);
        return true;
    }
}
