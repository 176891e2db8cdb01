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
    private const int CodeOffset = 8;
    private const int DetailOffset = 16;
    private const int StackRegisterOffset = 40 + (15 * sizeof(long));
    private const int InstructionRegisterOffset = 40 + (16 * sizeof(long));

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

    internal static unsafe FatalSignal Read(int number, byte* info, byte* context)
    {
        int code = *(int*)(info + CodeOffset);
        bool isFault = code > 0;
        return new FatalSignal(
            number,
            code,
            isFault ? *(ulong*)(info + DetailOffset) : 0,
            isFault ? 0 : *(int*)(info + DetailOffset),
            *(ulong*)(context + InstructionRegisterOffset),
            *(ulong*)(context + StackRegisterOffset));
    }
}
