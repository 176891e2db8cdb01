using System.Runtime.InteropServices;
using System.Text;

namespace Bixbite.Platform;

/// <summary>The system's name as <c>uname -srm</c> prints it: <c>Linux 6.1.0 x86_64</c>; elsewhere as it calls itself.</summary>
public static unsafe partial class SystemName
{
    private const int FieldSize = 65;
    private const int FieldCount = 6;
    private const int ReleaseIndex = 2;
    private const int MachineIndex = 4;

    /// <summary>Asks the kernel; empty if it does not answer.</summary>
    public static string Read()
    {
        if (Portability.IsOn)
        {
            return $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}";
        }
        byte* names = stackalloc byte[FieldSize * FieldCount];
        return Uname(names) < 0 ? "" : $"{Field(names, 0)} {Field(names, ReleaseIndex)} {Field(names, MachineIndex)}";
    }

    private static string Field(byte* names, int index) =>
        Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(names + (index * FieldSize)));

    [LibraryImport(Libc.Name, EntryPoint = "uname")]
    private static partial int Uname(byte* names);
}
