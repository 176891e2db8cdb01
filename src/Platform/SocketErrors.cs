using System.Net.Sockets;

namespace Bixbite.Platform;

/// <summary>The errors of .NET's sockets, as the numbers that the code above the sockets tells apart: Linux'.</summary>
public static class SocketErrors
{
    /// <summary>The number of <see cref="Errno"/>, which is positive; 0 for success, EIO for what has none.</summary>
    public static int Number(SocketError error) => error switch
    {
        SocketError.Success => 0,
        SocketError.WouldBlock or SocketError.IOPending => Errno.EAGAIN,
        SocketError.Interrupted => Errno.EINTR,
        SocketError.AccessDenied => Errno.EACCES,
        SocketError.InvalidArgument => Errno.EINVAL,
        SocketError.TooManyOpenSockets => Errno.EMFILE,
        SocketError.NoBufferSpaceAvailable => Errno.ENOBUFS,
        SocketError.ProtocolOption => Errno.ENOPROTOOPT,
        SocketError.ProtocolNotSupported => Errno.EPROTONOSUPPORT,
        SocketError.SocketNotSupported => Errno.ESOCKTNOSUPPORT,
        SocketError.ProtocolFamilyNotSupported => Errno.EPFNOSUPPORT,
        SocketError.AddressFamilyNotSupported => Errno.EAFNOSUPPORT,
        SocketError.AddressAlreadyInUse => Errno.EADDRINUSE,
        SocketError.AddressNotAvailable => Errno.EADDRNOTAVAIL,
        SocketError.NetworkUnreachable => Errno.ENETUNREACH,
        SocketError.HostUnreachable => Errno.EHOSTUNREACH,
        SocketError.ConnectionAborted => Errno.ECONNABORTED,
        SocketError.ConnectionReset => Errno.ECONNRESET,
        SocketError.IsConnected => Errno.EISCONN,
        SocketError.NotConnected => Errno.ENOTCONN,
        SocketError.TimedOut => Errno.ETIMEDOUT,
        SocketError.ConnectionRefused => Errno.ECONNREFUSED,
        SocketError.AlreadyInProgress => Errno.EALREADY,
        SocketError.InProgress => Errno.EINPROGRESS,
        SocketError.OperationAborted => Errno.ECANCELED,
        SocketError.Shutdown => Errno.EPIPE,
        _ => Errno.EIO,
    };

    /// <summary>As <see cref="Number"/>, of a Unix socket: .NET has no name for a path that does not exist.</summary>
    public static int NumberOfPath(SocketError error) => error == SocketError.AddressNotAvailable ? Errno.ENOENT : Number(error);
}
