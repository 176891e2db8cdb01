using System.Buffers;
using System.Globalization;
using System.Text;
using Bixbite.Engine.Sessions;
using Bixbite.Structures.Text;

namespace Bixbite.Engine.Observability;

/// <summary>Sends every command to the clients that asked for it with MONITOR.</summary>
public sealed class MonitorClients : ISessionPart
{
    private readonly List<Session> _monitors = [];
    private readonly ArrayBufferWriter<byte> _line = new();

    public int Count => _monitors.Count;

    public void Add(Session session)
    {
        if (!session.Has(SessionFlags.Monitor))
        {
            session.Set(SessionFlags.Monitor, true);
            _monitors.Add(session);
        }
    }

    void ISessionPart.End(Session session)
    {
        if (session.Has(SessionFlags.Monitor))
        {
            session.Set(SessionFlags.Monitor, false);
            _monitors.Remove(session);
        }
    }

    void ISessionPart.Describe(ClientText text) => text.AddFlag('O', static session => session.Has(SessionFlags.Monitor));

    /// <summary>
    /// Tells of a command that ran, with the time at which it began and the database that its client has now:
    /// <c>+1700000000.123456 [0 127.0.0.1:50000] "get" "key"</c>.
    /// </summary>
    public void Tell(Session origin, in LoggedRequest request, long unixUs, bool isScripted = false)
    {
        _line.ResetWrittenCount();
        string head = string.Create(
            CultureInfo.InvariantCulture,
            $"+{unixUs / 1_000_000}.{unixUs % 1_000_000:D6} [{origin.Database.Number} {(isScripted ? "lua" : AddressOf(origin))}]");
        Encoding.ASCII.GetBytes(head, _line);
        for (int i = 0; i < request.Count; i++)
        {
            ReadOnlySpan<byte> argument = request[i];
            _line.Write(" "u8);
            Span<byte> quoted = _line.GetSpan(Quoted.SizeOf(argument));
            _line.Advance(Quoted.Format(argument, quoted));
        }
        _line.Write("\r\n"u8);
        foreach (Session monitor in _monitors)
        {
            monitor.Send(_line.WrittenSpan);
        }
    }

    private static string AddressOf(Session session) =>
        session.Link.IsUnixSocket ? "unix:" + session.Link.PeerAddress[..^2] : session.Link.PeerAddress;
}
