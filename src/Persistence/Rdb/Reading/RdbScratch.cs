namespace Bixbite.Persistence.Rdb.Reading;

/// <summary>
/// Room for the strings that a reader cannot show where they lie: integers, compressed ones, and all that come from a source. It is
/// kept from one value to the next; two strings at a time.
/// </summary>
public sealed class RdbScratch
{
    private const int KeptSizeMax = 1 << 20;

    private byte[] _first = [];
    private byte[] _second = [];

    /// <summary>Gives back what an unusually large value has needed.</summary>
    public void Trim()
    {
        _first = _first.Length > KeptSizeMax ? [] : _first;
        _second = _second.Length > KeptSizeMax ? [] : _second;
    }

    internal Span<byte> Take(int size, bool isSecond)
    {
        ref byte[] buffer = ref isSecond ? ref _second : ref _first;
        if (buffer.Length < size)
        {
            buffer = GC.AllocateUninitializedArray<byte>(Math.Max(size, 2 * Math.Min(buffer.Length, KeptSizeMax)));
        }
        return buffer.AsSpan(0, size);
    }
}
