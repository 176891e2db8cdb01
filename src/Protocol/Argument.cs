using Bixbite.Memory;

namespace Bixbite.Protocol;

/// <summary>
/// One argument of a request: bytes in native memory that belong to the connection's input (or to the batch, when quotes had to
/// be resolved). Valid until the batch is cleared.
/// </summary>
public readonly struct Argument
{
    public readonly ulong Address;
    public readonly int Length;

    /// <summary>It lies in a block of its own, which whoever stores it may take: see <see cref="RequestBatch.LooseBlockOf"/>.</summary>
    public readonly bool IsLoose;

    public Argument(ulong address, int length, bool isLoose = false)
    {
        Address = address;
        Length = length;
        IsLoose = isLoose;
    }

    public ReadOnlySpan<byte> Bytes => Native.Bytes(Address, Length);

    public override string ToString() => System.Text.Encoding.Latin1.GetString(Bytes);
}
