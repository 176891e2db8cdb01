using Bixbite.AccessControl.Rules;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Platform;

namespace Bixbite.AccessControl.Checking;

/// <summary>An entry of ACL LOG: a denial, or several that are alike.</summary>
public sealed class AccessLogEntry
{
    public required DenialReason Reason { get; init; }

    /// <summary>Where the request stood: "toplevel", "multi" or "lua".</summary>
    public required string Place { get; init; }

    /// <summary>The command, key, channel or database.</summary>
    public required byte[] Subject { get; init; }

    public required byte[] UserName { get; init; }

    /// <summary>Counts up from the server's start.</summary>
    public long Id { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long CreatedMs { get; init; }

    /// <summary>Unix milliseconds of the latest denial.</summary>
    public long UpdatedMs { get; set; }

    public long Count { get; set; } = 1;

    /// <summary>The line of CLIENT LIST of who was denied last.</summary>
    public string Client { get; set; } = "";

    internal bool IsLike(AccessLogEntry other) =>
        Reason == other.Reason
        && Place == other.Place
        && Math.Abs(UpdatedMs - other.UpdatedMs) <= AccessLog.GroupingMs
        && Subject.AsSpan().SequenceEqual(other.Subject)
        && UserName.AsSpan().SequenceEqual(other.UserName);
}

/// <summary>
/// The latest denials, newest first, for ACL LOG, and how many there were of each kind, for INFO. What is alike within a minute is one
/// entry.
/// </summary>
public sealed class AccessLog(ClientText clients, IClock clock)
{
    internal const long GroupingMs = 60_000;

    /// <summary>The place of a request by itself.</summary>
    internal const string TopLevel = "toplevel";

    /// <summary>So many entries are looked at for one that is alike.</summary>
    private const int LookedAtMax = 10;

    /// <summary>Of longer keys and names so many bytes are kept.</summary>
    private const int SubjectSizeMax = 4096;

    private readonly LinkedList<AccessLogEntry> _entries = [];
    private readonly long[] _counts = new long[Enum.GetValues<DenialReason>().Length];
    private long _latestId;

    /// <summary>Entries that are kept (acllog-max-len).</summary>
    public long Capacity { get; set; } = 128;

    /// <summary>Newest first.</summary>
    public IReadOnlyCollection<AccessLogEntry> Entries => _entries;

    /// <summary>How often something was denied for this reason since the start.</summary>
    public long CountOf(DenialReason reason) => _counts[(int)reason];

    public void Clear() => _entries.Clear();

    /// <summary>Where the context's request stands.</summary>
    internal static string PlaceOf(CommandContext context)
    {
        bool isMulti = context.Origin.IsInTransaction || context.Session.Has(SessionFlags.InTransaction);
        return context.Origin.IsScripted ? "lua" : isMulti ? "multi" : TopLevel;
    }

    /// <summary>Notes that the context's client was denied something.</summary>
    public void Add(CommandContext context, DenialReason reason, ReadOnlySpan<byte> subject, byte[] userName) =>
        Add(context.Session, reason, PlaceOf(context), subject, userName);

    /// <summary>Notes that a client was denied something.</summary>
    internal void Add(Session session, DenialReason reason, string place, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> userName) =>
        Add(() => clients.Of(session, clock.MonotonicUs / 1000), reason, place, subject, userName);

    /// <summary>Notes that somebody was denied something, who is described when it is kept.</summary>
    internal void Add(Func<string> describe, DenialReason reason, string place, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> userName)
    {
        _counts[(int)reason]++;
        if (Capacity > 0)
        {
            long nowMs = clock.UnixMs;
            Put(new AccessLogEntry
            {
                Reason = reason,
                Place = place,
                Subject = subject[..Math.Min(subject.Length, SubjectSizeMax)].ToArray(),
                UserName = userName[..Math.Min(userName.Length, SubjectSizeMax)].ToArray(),
                Id = _latestId,
                CreatedMs = nowMs,
                UpdatedMs = nowMs,
                Client = describe(),
            });
        }
        while (_entries.Count > Capacity)
        {
            _entries.RemoveLast();
        }
    }

    private void Put(AccessLogEntry added)
    {
        int left = LookedAtMax;
        for (LinkedListNode<AccessLogEntry>? node = _entries.First; node is not null && left > 0; node = node.Next, left--)
        {
            AccessLogEntry entry = node.Value;
            if (!entry.IsLike(added))
            {
                continue;
            }
            entry.Count++;
            entry.UpdatedMs = added.UpdatedMs;
            entry.Client = added.Client;
            _entries.Remove(node);
            _entries.AddFirst(node);
            return;
        }
        _latestId++;
        _entries.AddFirst(added);
    }
}
