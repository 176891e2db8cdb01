using System.Globalization;
using System.Net;
using Bixbite.Engine.Sessions;
using Bixbite.Platform;

namespace Bixbite.AccessControl.Authenticating;

/// <summary>
/// How long an attempt to log in has to wait before it is looked at. Each address, and each connection, has a budget of failures; one that
/// has used it up gets its attempts looked at one after the other, and the budget grows again as time passes:
/// <code>
///   failures  |||||||||||| budget is used up   |     |     |     |        an attempt every IntervalMs
///             looked at at once                wait, then looked at
/// </code>
/// A wait is reserved when the attempt comes, so that more connections are not faster. Under the execution lock.
/// </summary>
public sealed class AttemptLimiter(SessionParts parts, IClock clock) : ISessionPart
{
    /// <summary>The time in which one failure is forgiven, and between two attempts that wait.</summary>
    public const int IntervalMs = 100;

    /// <summary>Who would have to wait longer is refused at once.</summary>
    public const int WaitMsMax = 10_000;

    /// <summary>A connection may fail a part as often as an address.</summary>
    private const int ConnectionPart = 10;

    private const int AddressCountMax = 10_000;

    private readonly SessionSlot<Budget> _slot = parts.Slot<Budget>();
    private readonly Dictionary<string, Budget> _addresses = new(StringComparer.Ordinal);
    private readonly Budget _crowd = new();

    /// <summary>Failures of an address that cost nothing (auth-failures-max); 0 for any number.</summary>
    public int FailuresMax { get; set; }

    /// <summary>Attempts that had to wait or were refused.</summary>
    public long DelayedCount { get; private set; }

    private long NowMs => clock.WaitingUs / 1000;

    /// <summary>
    /// Milliseconds until the attempt may be looked at: 0 for now; negative if it is refused because too many wait already. One that
    /// waits has paid for its failure.
    /// </summary>
    public long Begin(Session session)
    {
        if (FailuresMax == 0)
        {
            return 0;
        }
        Budget? address = _addresses.GetValueOrDefault(AddressOf(session.Link)) ?? (_addresses.Count >= AddressCountMax ? _crowd : null);
        Budget? connection = _slot.Of(session);
        long nowMs = NowMs;
        long waitMs = Math.Max(address?.WaitMs(nowMs, FailuresMax) ?? 0, connection?.WaitMs(nowMs, ConnectionMax) ?? 0);
        if (waitMs == 0)
        {
            return 0;
        }
        DelayedCount++;
        if (waitMs > WaitMsMax)
        {
            return -1;
        }
        address?.Spend(nowMs);
        connection?.Spend(nowMs);
        return waitMs;
    }

    /// <summary>An attempt that was looked at at once has failed.</summary>
    public void Fail(Session session)
    {
        if (FailuresMax == 0)
        {
            return;
        }
        long nowMs = NowMs;
        if (_slot.Of(session) is not { } connection)
        {
            _slot.Put(session, connection = new Budget());
        }
        connection.Spend(nowMs);
        SpendOf(AddressOf(session.Link), nowMs);
    }

    /// <summary>An attempt without a session, of an address: whether it is not looked at, since others have failed.</summary>
    internal bool Refuses(string peerAddress)
    {
        if (FailuresMax == 0)
        {
            return false;
        }
        string name = HostOf(peerAddress);
        Budget? address = _addresses.GetValueOrDefault(name) ?? (_addresses.Count >= AddressCountMax ? _crowd : null);
        bool isRefused = address?.WaitMs(NowMs, FailuresMax) > 0;
        DelayedCount += isRefused ? 1 : 0;
        return isRefused;
    }

    /// <summary>An attempt without a session has failed.</summary>
    internal void Fail(string peerAddress)
    {
        if (FailuresMax > 0)
        {
            SpendOf(HostOf(peerAddress), NowMs);
        }
    }

    void ISessionPart.Reset(Session session)
    {
    }

    void ISessionPart.End(Session session) => _slot.Put(session, null);

    private int ConnectionMax => Math.Max(FailuresMax / ConnectionPart, 1);

    private void SpendOf(string name, long nowMs)
    {
        if (!_addresses.TryGetValue(name, out Budget? address))
        {
            address = Add(name, nowMs);
        }
        address.Spend(nowMs);
    }

    /// <summary>Addresses that have their whole budget again are forgotten; if there are still too many they share one.</summary>
    private Budget Add(string name, long nowMs)
    {
        if (_addresses.Count >= AddressCountMax)
        {
            foreach ((string known, Budget budget) in _addresses)
            {
                if (budget.IsWhole(nowMs))
                {
                    _addresses.Remove(known);
                }
            }
        }
        if (_addresses.Count >= AddressCountMax)
        {
            return _crowd;
        }
        var added = new Budget();
        _addresses.Add(name, added);
        return added;
    }

    /// <summary>The address without its port; of IPv6 what one site has, of a Unix socket its users one by one.</summary>
    private static string AddressOf(ILink link)
    {
        string peer = link.PeerAddress;
        if (link.PeerUserId is { } user)
        {
            int colon = peer.LastIndexOf(':');
            return string.Create(CultureInfo.InvariantCulture, $"{user} {(colon < 0 ? peer : peer[..colon])}");
        }
        return HostOf(peer);
    }

    private static string HostOf(string peer)
    {
        int colon = peer.LastIndexOf(':');
        string host = colon < 0 ? peer : peer[..colon];
        if (host.StartsWith('[') && IPAddress.TryParse(host, out IPAddress? address) && !address.IsIPv4MappedToIPv6)
        {
            return Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8));
        }
        return host;
    }

    /// <summary>The failures of somebody, as the time at which all are forgiven.</summary>
    private sealed class Budget
    {
        private long _wholeAtMs;

        public bool IsWhole(long nowMs) => _wholeAtMs <= nowMs;

        public void Spend(long nowMs) => _wholeAtMs = Math.Max(_wholeAtMs, nowMs) + IntervalMs;

        public long WaitMs(long nowMs, int max) => Math.Max(_wholeAtMs - nowMs - ((max - 1L) * IntervalMs), 0);
    }
}
