using System.Buffers.Binary;
using System.Globalization;

namespace Bixbite.Platform;

/// <summary>A signal that ends the process: what the kernel tells of it.</summary>
/// <param name="Number">The signal.</param>
/// <param name="Code">Why it was sent: positive if the kernel found a fault, otherwise a process sent it.</param>
/// <param name="Address">The address that the failing instruction wanted, where there is a fault.</param>
/// <param name="SenderId">The process that sent it, where there is no fault.</param>
/// <param name="InstructionAddress">Where the thread was.</param>
/// <param name="StackAddress">The top of its stack then.</param>
public readonly record struct FatalSignal(
    int Number, int Code, ulong Address, int SenderId, ulong InstructionAddress, ulong StackAddress)
{
    // Offsets in siginfo_t and ucontext_t of 64-bit Linux; the registers' of x86-64.
    internal const byte CodeOffset = 8;
    internal const byte DetailOffset = 16;
    internal const byte StackRegisterOffset = 40 + (15 * sizeof(long));
    internal const byte InstructionRegisterOffset = 40 + (16 * sizeof(long));

    /// <summary>Bytes in which the handler tells of it: five numbers of 8 bytes.</summary>
    internal const byte Size = 5 * sizeof(long);

    /// <summary>Its name as in signal(7).</summary>
    public string Name => Number switch
    {
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        11 => "SIGSEGV",
        _ => "signal " + Number.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Reads the record that the handler wrote: signal, code, detail (address or process), instruction, stack.</summary>
    internal static FatalSignal Read(ReadOnlySpan<byte> told)
    {
        int code = (int)BinaryPrimitives.ReadInt64LittleEndian(told[8..]);
        ulong detail = BinaryPrimitives.ReadUInt64LittleEndian(told[16..]);
        bool isFault = code > 0;
        return new FatalSignal(
            (int)BinaryPrimitives.ReadInt64LittleEndian(told),
            code,
            isFault ? detail : 0,
            isFault ? 0 : (int)detail,
            BinaryPrimitives.ReadUInt64LittleEndian(told[24..]),
            BinaryPrimitives.ReadUInt64LittleEndian(told[32..]));
    }
}
