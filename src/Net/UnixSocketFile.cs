using System.Text;
using Bixbite.Net.Transports;
using Bixbite.Platform;

namespace Bixbite.Net;

/// <summary>
/// The path of a listening Unix socket, which lasts longer than the process unless it is removed. Its listener owns it.
/// <code>
///   look     nothing there: go on | a socket that nobody listens on: remove it | all else: leave it, and fail
///   bind     a socket is there, and whoever connects is refused
///   chown    it has its group, and then
///   chmod    its permissions
///   listen   from here on clients may connect
/// </code>
/// Who may create files in the folder may take the path from the server; its folder should belong to it alone.
/// </summary>
internal sealed class UnixSocketFile
{
    private readonly FileStatus _bound;
    private readonly string _fullPath;

    private UnixSocketFile(string path, in FileStatus bound)
    {
        Path = path;
        // The working directory may be another by the time it is removed.
        _fullPath = Paths.Full(path);
        _bound = bound;
    }

    /// <summary>As it was given.</summary>
    public string Path { get; }

    /// <summary>Makes a socket that listens at the path; none of it is left if that fails.</summary>
    /// <param name="path">Where; at most <see cref="Sockets.UnixPathSizeMax"/> bytes.</param>
    /// <param name="group">The name of the group that it belongs to; empty for that of the process.</param>
    /// <param name="permissions">Its permission bits; 0 leaves those of the process' umask.</param>
    /// <param name="backlog">How many connections may wait.</param>
    /// <param name="transport">Makes the socket.</param>
    /// <param name="server">The socket, which is the caller's.</param>
    /// <param name="file">Its path.</param>
    public static BindResult Listen(
        string path,
        string group,
        int permissions,
        int backlog,
        SocketTransport transport,
        out ServerSocket? server,
        out UnixSocketFile? file)
    {
        server = null;
        file = null;
        int size = Encoding.UTF8.GetByteCount(path);
        if (size > Sockets.UnixPathSizeMax)
        {
            return Failure(
                Errno.ENAMETOOLONG, $"unix socket path too long ({size}), must be under {Sockets.UnixPathSizeMax + 1}");
        }
        if (Clear(path, transport) is { IsBound: false } refusal)
        {
            return refusal;
        }
        string call = "creating socket";
        FileStatus status = default;
        int result = transport.OpenServer(SocketAddress.AF_UNIX, out server);
        if (server is not null)
        {
            (call, result) = ("bind", server.Bind(path));
        }
        bool isThere = server is not null && result >= 0;
        if (result >= 0 && group.Length > 0)
        {
            (call, result) = ($"the group '{group}'", GiveTo(path, group));
        }
        if (result >= 0 && permissions != 0)
        {
            (call, result) = ("chmod", Files.chmod(path, permissions));
        }
        if (result >= 0)
        {
            (call, result) = ("statx", Files.statx(path, out status));
        }
        if (server is not null && result >= 0)
        {
            (call, result) = ("listen", server.Listen(backlog));
        }
        if (result >= 0)
        {
            file = new UnixSocketFile(path, status);
            return new BindResult(0, "");
        }
        if (isThere)
        {
            _ = Files.unlink(path);
        }
        server?.Dispose();
        return Failure(-result, $"{call}: {Errno.Text(-result)}");
    }

    /// <summary>Removes the socket from its folder, unless something else is there by now. Before the socket is closed.</summary>
    public void Remove()
    {
        // As long as the socket is open no other file can have its number.
        if (Files.statx(_fullPath, out FileStatus now) >= 0 && now.IsSameFile(_bound))
        {
            _ = Files.unlink(_fullPath);
        }
    }

    /// <summary>Removes a socket that its server has left behind.</summary>
    private static BindResult Clear(string path, SocketTransport transport)
    {
        int result = Files.statx(path, out FileStatus status);
        if (result < 0)
        {
            // What hinders it hinders binding too, which tells.
            return new BindResult(0, "");
        }
        if (!status.IsSocket)
        {
            return Failure(Errno.EEXIST, $"there is a file at {path} that is no socket, and it is not removed");
        }
        if (IsServed(path, transport))
        {
            return Failure(Errno.EADDRINUSE, $"bind: {Errno.Text(Errno.EADDRINUSE)}");
        }
        _ = Files.unlink(path);
        return new BindResult(0, "");
    }

    private static int GiveTo(string path, string group)
    {
        long id = Groups.getgrnam(group);
        return id < 0 ? (int)id : Files.lchown(path, (uint)id);
    }

    /// <summary>Whether somebody listens there. Where the system does not let us ask, nobody whom we may know does.</summary>
    private static bool IsServed(string path, SocketTransport transport)
    {
        if (transport.OpenClient(SocketAddress.AF_UNIX, out ClientSocket? probe) < 0 || probe is null)
        {
            return true;
        }
        int result = probe.Connect(path);
        probe.Dispose();
        return -result is not (Errno.ECONNREFUSED or Errno.EACCES or Errno.EPERM or Errno.ENOENT);
    }

    private static BindResult Failure(int errno, string reason) => new(errno, $"Failed opening Unix socket: {reason}");
}
