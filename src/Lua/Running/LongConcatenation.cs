using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>Joins its arguments, which are strings, to one that is too long to be made at once.</summary>
internal sealed class LongConcatenation : HostTask
{
    /// <summary>Shorter strings are made at once.</summary>
    public const int SizeMin = 1 << 19;

    private const int PieceSize = 1 << 18;
    private const int BytesPerStep = 64;

    private readonly LuaValue[] _parts;
    private readonly byte[] _bytes;
    private int _part;
    private int _doneOfPart;
    private int _done;

    private LongConcatenation(LuaValue[] parts, byte[] bytes)
    {
        _parts = parts;
        _bytes = bytes;
    }

    /// <summary>Called by an instruction that concatenates.</summary>
    public static HostFunction Function { get; } = new("concat", Begin);

    public override ReadOnlySpan<LuaValue> Held => _parts;

    public override long HeldBytes => _bytes.Length;

    public override HostStep Resume(in HostCall call)
    {
        while (_part < _parts.Length)
        {
            ReadOnlySpan<byte> rest = ((LuaString)_parts[_part].Object!).Span[_doneOfPart..];
            int size = Math.Min(PieceSize, rest.Length);
            rest[..size].CopyTo(_bytes.AsSpan(_done));
            _done += size;
            _doneOfPart += size;
            if (size == rest.Length)
            {
                _part++;
                _doneOfPart = 0;
            }
            if (!call.Spend(1 + size / BytesPerStep) && _part < _parts.Length)
            {
                return call.Pause(this);
            }
        }
        return call.Return(new LuaString(_bytes));
    }

    private static HostStep Begin(in HostCall call)
    {
        long size = 0;
        foreach (LuaValue part in call.Arguments)
        {
            size += ((LuaString)part.Object!).Length;
        }
        call.Memory.Add(LuaString.BytesFor((int)size));
        return new LongConcatenation(call.Arguments.ToArray(), GC.AllocateUninitializedArray<byte>((int)size)).Resume(call);
    }
}
