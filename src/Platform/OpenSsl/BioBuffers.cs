using System.Runtime.InteropServices;

namespace Bixbite.Platform.OpenSsl;

/// <summary>
/// The bytes that a session reads from and writes to while one call lasts, and what the call has found missing. Belongs to its session, in
/// native memory, since OpenSSL hands its address back to <see cref="BufferBio"/>.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BioBuffers
{
    internal byte* Input;
    internal nuint InputSize;
    internal byte* Room;
    internal nuint RoomSize;
    internal BioLack Lack;
}

/// <summary>The thing that the latest call of a <see cref="BufferBio"/> has found missing.</summary>
internal enum BioLack
{
    None,

    /// <summary>All input has been read.</summary>
    Input,

    /// <summary>There is no room for what is to be written.</summary>
    Room,
}
