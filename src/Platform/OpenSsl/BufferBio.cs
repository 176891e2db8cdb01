using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bixbite.Platform.OpenSsl;

/// <summary>
/// A kind of <c>BIO</c>, OpenSSL's channel for bytes, that copies from and to the <see cref="BioBuffers"/> of its session. It keeps
/// nothing, so a session at rest has no buffer here.
/// </summary>
internal static unsafe class BufferBio
{
    private static readonly nint s_method = CreateMethod();

    /// <summary>A new one, which the session that gets it frees.</summary>
    internal static nint Create(BioBuffers* buffers)
    {
        nint bio = Ssl.BIO_new(s_method);
        if (bio != 0)
        {
            Ssl.BIO_set_data(bio, buffers);
            Ssl.BIO_set_init(bio, 1);
        }
        return bio;
    }

    private static nint CreateMethod()
    {
        nint method = Ssl.BIO_meth_new(Ssl.BIO_get_new_index() | Ssl.BIO_TYPE_SOURCE_SINK, "bixbite buffers");
        _ = Ssl.BIO_meth_set_read_ex(method, &Read);
        _ = Ssl.BIO_meth_set_write_ex(method, &Write);
        // Asked several times for each record, whether the kernel encrypts: no, as for the null device, which is asked without coming here.
        _ = Ssl.BIO_meth_set_ctrl(method, Ssl.BIO_meth_get_ctrl(Ssl.BIO_s_null()));
        return method;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(nint bio, byte* room, nuint size, nuint* count)
    {
        var buffers = (BioBuffers*)Ssl.BIO_get_data(bio);
        nuint moved = nuint.Min(size, buffers->InputSize);
        *count = moved;
        if (moved == 0)
        {
            buffers->Lack = BioLack.Input;
            Ssl.BIO_set_flags(bio, Ssl.BIO_FLAGS_READ_RETRY);
            return -1;
        }
        Take(bio, buffers);
        Unsafe.CopyBlockUnaligned(room, buffers->Input, (uint)moved);
        buffers->Input += moved;
        buffers->InputSize -= moved;
        return 1;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint bio, byte* bytes, nuint size, nuint* count)
    {
        var buffers = (BioBuffers*)Ssl.BIO_get_data(bio);
        nuint moved = nuint.Min(size, buffers->RoomSize);
        *count = moved;
        if (moved == 0)
        {
            buffers->Lack = BioLack.Room;
            Ssl.BIO_set_flags(bio, Ssl.BIO_FLAGS_WRITE_RETRY);
            return -1;
        }
        Take(bio, buffers);
        Unsafe.CopyBlockUnaligned(buffers->Room, bytes, (uint)moved);
        buffers->Room += moved;
        buffers->RoomSize -= moved;
        return 1;
    }

    /// <summary>Bytes are about to move: nothing is missing any more.</summary>
    private static void Take(nint bio, BioBuffers* buffers)
    {
        if (buffers->Lack != BioLack.None)
        {
            buffers->Lack = BioLack.None;
            Ssl.BIO_clear_flags(bio, Ssl.BIO_FLAGS_RETRY);
        }
    }
}
