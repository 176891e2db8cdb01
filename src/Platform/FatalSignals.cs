using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Bixbite.Platform;

/// <summary>
/// Tells of a signal that is about to end the process: an access to memory that is not there, an abort, or the same sent from outside.
/// </summary>
/// <remarks>
/// A handler of these signals must not be managed code: the thread may have been stopped in the middle of such code, where nothing managed
/// can be entered. So the handler is a few instructions of its own, one copy per signal, and the report is made by another thread:
/// <code>
///   the failing thread                                  the reporting thread
///   handler: if no process has sent it, call the runtime's handler
///            does the signal still lead here?  --yes--> (not fatal: the runtime made an exception of it) return
///            write what is known of it to a pipe        read from the pipe
///            set the alarm                              report; then let the signal have its default effect
///            sent by another process?  --yes--> return: nothing is wrong with this thread
///            sleep for ever
/// </code>
/// The runtime's handler withdraws itself from a signal that it can make no exception of; that is how fatal ones are recognised.
/// The failing thread may hold a lock or keep the collector waiting, and the reporting one need them; the alarm ends the process then.
/// A thread that was merely sent a signal goes on, so that what it holds is let go. Only in Linux on x86-64, where it is tested; elsewhere
/// signals end the process without a report.
/// </remarks>
public static unsafe partial class FatalSignals
{
    private const int SIGILL = 4;
    private const int SIGABRT = 6;
    private const int SIGBUS = 7;
    private const int SIGFPE = 8;
    private const int SIGSEGV = 11;

    private const int SA_SIGINFO = 4;
    private const int SIG_SETMASK = 2;
    private const int SignalSetWords = 16;
    private const int CodeSize = 320;
    private const byte ReportSecondsMax = 10;
    private const int O_CLOEXEC = 0x80000;

    /// <summary>add rsp, 64; pop r13, r12, rbx; ret.</summary>
    private static ReadOnlySpan<byte> Return => [0x48, 0x83, 0xC4, 0x40, 0x41, 0x5D, 0x41, 0x5C, 0x5B, 0xC3];

    /// <summary>
    /// Calls <paramref name="report"/> on a thread of its own when a signal is about to end the process. Once per process.
    /// </summary>
    public static void Watch(Action<FatalSignal> report)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return;
        }
        int* pipe = stackalloc int[2];
        if (Libc.Result(OpenPipe(pipe, O_CLOEXEC)) < 0)
        {
            return;
        }
        int readEnd = pipe[0];
        if (WorkerThread.TryStart("fatal signals", () => Await(readEnd, report), stackSizeMax: 256 * 1024) is null)
        {
            return;
        }
        int[] signals = [SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV];
        long code = VirtualMemory.mmap(
            0, CodeSize * signals.Length, VirtualMemory.PROT_READ | VirtualMemory.PROT_WRITE,
            VirtualMemory.MAP_PRIVATE | VirtualMemory.MAP_ANONYMOUS);
        if (code < 0)
        {
            return;
        }
        var actions = new SignalAction[signals.Length];
        for (int i = 0; i < signals.Length; i++)
        {
            ulong handler = (ulong)code + (ulong)(i * CodeSize);
            SignalAction action;
            _ = ChangeAction(signals[i], null, &action);
            Write(new Span<byte>((void*)handler, CodeSize), handler, action.Handler, pipe[1]);
            action.Handler = handler;
            action.Flags |= SA_SIGINFO;
            actions[i] = action;
        }
        if (VirtualMemory.mprotect((ulong)code, CodeSize * signals.Length, VirtualMemory.PROT_READ | VirtualMemory.PROT_EXEC) < 0)
        {
            return;
        }
        for (int i = 0; i < signals.Length; i++)
        {
            SignalAction action = actions[i];
            _ = ChangeAction(signals[i], &action, null);
        }
    }

    private static void Await(int pipe, Action<FatalSignal> report)
    {
        // A signal to the whole process may be given to any thread: not to this one, which has to tell of it.
        ulong* every = stackalloc ulong[SignalSetWords];
        ulong* before = stackalloc ulong[SignalSetWords];
        new Span<ulong>(every, SignalSetWords).Fill(ulong.MaxValue);
        _ = ChangeMask(SIG_SETMASK, every, before);
        Span<byte> told = stackalloc byte[FatalSignal.Size];
        if (Files.read(pipe, told) != told.Length)
        {
            return;
        }
        FatalSignal signal = FatalSignal.Read(told);
        report(signal);
        Signals.Restore(signal.Number);
        _ = ChangeMask(SIG_SETMASK, before, null);
        _ = Send(Environment.ProcessId, signal.Number);
    }

    /// <summary>The handler's instructions. It keeps its three arguments in rbx, r12 and r13, which calls leave alone.</summary>
    private static void Write(Span<byte> code, ulong handler, ulong runtimeHandler, int pipe)
    {
        int at = 0;
        int sentJump = 0;
        int fatalJump = 0;
        Add(code, ref at, [0x53, 0x41, 0x54, 0x41, 0x55]);                          // push rbx, r12, r13: the stack is aligned now
        Add(code, ref at, [0x48, 0x83, 0xEC, 0x40]);                                // sub rsp, 64
        Add(code, ref at, [0x89, 0xFB, 0x49, 0x89, 0xF4, 0x49, 0x89, 0xD5]);        // mov ebx, edi; mov r12, rsi; mov r13, rdx
        if (runtimeHandler > 1)                                                     // neither the default nor ignored
        {
            Add(code, ref at, [0x83, 0x7E, 0x08, 0, 0x7E, 0]);                      // cmp dword [rsi + 8], 0; jle report: it was sent
            sentJump = at;
            Add(code, ref at, [0x48, 0xB8], runtimeHandler);                        // mov rax, runtimeHandler
            Add(code, ref at, [0xFF, 0xD0]);                                        // call rax
            Add(code, ref at, [0x89, 0xDF, 0x31, 0xF6, 0x48, 0x89, 0xE2]);          // mov edi, ebx; xor esi, esi; mov rdx, rsp
            Add(code, ref at, [0x41, 0xBA, 8, 0, 0, 0]);                            // mov r10d, 8: size of a signal mask
            Add(code, ref at, [0xB8, 13, 0, 0, 0, 0x0F, 0x05]);                     // rt_sigaction: where does the signal lead?
            Add(code, ref at, [0x48, 0xB8], handler);                               // mov rax, handler
            Add(code, ref at, [0x48, 0x39, 0x04, 0x24, 0x75, 0]);                   // cmp [rsp], rax; jne report
            fatalJump = at;
            Add(code, ref at, Return);
        }
        if (fatalJump != 0)
        {
            code[sentJump - 1] = (byte)(at - sentJump);
            code[fatalJump - 1] = (byte)(at - fatalJump);
        }
        Add(code, ref at, [0x48, 0x89, 0x1C, 0x24]);                                // report: mov [rsp], rbx
        Add(code, ref at, [0x49, 0x63, 0x44, 0x24, FatalSignal.CodeOffset]);        // movsxd rax, dword [r12 + code]
        Add(code, ref at, [0x48, 0x89, 0x44, 0x24, 8]);                             // mov [rsp + 8], rax
        Add(code, ref at, [0x49, 0x8B, 0x44, 0x24, FatalSignal.DetailOffset]);      // mov rax, [r12 + detail]
        Add(code, ref at, [0x48, 0x89, 0x44, 0x24, 16]);                            // mov [rsp + 16], rax
        Add(code, ref at, [0x49, 0x8B, 0x85, FatalSignal.InstructionRegisterOffset, 0, 0, 0]); // mov rax, [r13 + rip]
        Add(code, ref at, [0x48, 0x89, 0x44, 0x24, 24]);                            // mov [rsp + 24], rax
        Add(code, ref at, [0x49, 0x8B, 0x85, FatalSignal.StackRegisterOffset, 0, 0, 0]); // mov rax, [r13 + rsp]
        Add(code, ref at, [0x48, 0x89, 0x44, 0x24, 32]);                            // mov [rsp + 32], rax
        Add(code, ref at, [0xBF, (byte)pipe, (byte)(pipe >> 8), (byte)(pipe >> 16), (byte)(pipe >> 24)]); // mov edi, pipe
        Add(code, ref at, [0x48, 0x89, 0xE6, 0xBA, FatalSignal.Size, 0, 0, 0]);     // mov rsi, rsp; mov edx, size
        Add(code, ref at, [0xB8, 1, 0, 0, 0, 0x0F, 0x05]);                          // write
        Add(code, ref at, [0x31, 0xC0, 0x48, 0x89, 0x04, 0x24]);                    // xor eax, eax; mov [rsp], rax: the default action
        Add(code, ref at, [0x48, 0x89, 0x44, 0x24, 8, 0x48, 0x89, 0x44, 0x24, 16]); // mov [rsp + 8], rax; mov [rsp + 16], rax
        Add(code, ref at, [0x48, 0x89, 0x44, 0x24, 24]);                            // mov [rsp + 24], rax
        Add(code, ref at, [0xBF, Signals.SIGALRM, 0, 0, 0, 0x48, 0x89, 0xE6]);      // mov edi, SIGALRM; mov rsi, rsp
        Add(code, ref at, [0x31, 0xD2, 0x41, 0xBA, 8, 0, 0, 0]);                    // xor edx, edx; mov r10d, 8
        Add(code, ref at, [0xB8, 13, 0, 0, 0, 0x0F, 0x05]);                         // rt_sigaction
        Add(code, ref at, [0xBF, ReportSecondsMax, 0, 0, 0]);                       // mov edi, seconds
        Add(code, ref at, [0xB8, 37, 0, 0, 0, 0x0F, 0x05]);                         // alarm
        Add(code, ref at, [0x41, 0x8B, 0x44, 0x24, FatalSignal.CodeOffset]);        // mov eax, [r12 + code]
        Add(code, ref at, [0xFF, 0xC0, 0x83, 0xF8, 1, 0x77, (byte)Return.Length]); // inc eax; cmp eax, 1: SI_QUEUE, SI_USER; ja sleep
        Add(code, ref at, Return);
        Add(code, ref at, [0xB8, 34, 0, 0, 0, 0x0F, 0x05, 0xEB, 0xF7]);             // sleep: pause; jmp sleep
    }

    private static void Add(Span<byte> code, ref int at, ReadOnlySpan<byte> instructions)
    {
        instructions.CopyTo(code[at..]);
        at += instructions.Length;
    }

    private static void Add(Span<byte> code, ref int at, ReadOnlySpan<byte> instruction, ulong operand)
    {
        Add(code, ref at, instruction);
        BinaryPrimitives.WriteUInt64LittleEndian(code[at..], operand);
        at += sizeof(ulong);
    }

    [LibraryImport(Libc.Name, EntryPoint = "pipe2")]
    private static partial int OpenPipe(int* descriptors, int flags);

    [LibraryImport(Libc.Name, EntryPoint = "sigaction")]
    private static partial int ChangeAction(int number, SignalAction* action, SignalAction* previous);

    [LibraryImport(Libc.Name, EntryPoint = "pthread_sigmask")]
    private static partial int ChangeMask(int how, ulong* mask, ulong* previous);

    [LibraryImport(Libc.Name, EntryPoint = "kill")]
    private static partial int Send(int process, int number);

    /// <summary>struct sigaction of the C library on 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 152)]
    internal struct SignalAction
    {
        [FieldOffset(0)]
        public ulong Handler;

        [FieldOffset(136)]
        public int Flags;
    }
}
