using System.Diagnostics;
using System.Globalization;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Voters;

/// <summary>
/// Three voters, the numbers that were proposed to them, and what must be true of these: what was acknowledged is there, each number once,
/// the same order everywhere; and in a term one voter at most acts as the leader.
/// </summary>
internal sealed class VoterGroup : IDisposable
{
    private const int Count = 3;

    private readonly TempFolder _folder = new();
    private readonly VoterNode[] _nodes;
    private readonly Lock _lock = new();
    private readonly HashSet<long> _acknowledged = [];
    private readonly Dictionary<long, byte> _leaders = [];
    private long _lastNumber;

    internal VoterGroup()
    {
        int[] ports = [.. Enumerable.Range(0, Count).Select(_ => FreePorts.Next())];
        _nodes = [.. Enumerable.Range(1, Count).Select(n => new VoterNode((byte)n, _folder.File($"voter{n}"), ports))];
    }

    internal IReadOnlyList<VoterNode> All => _nodes;

    internal int AcknowledgedCount
    {
        get
        {
            lock (_lock)
            {
                return _acknowledged.Count;
            }
        }
    }

    /// <summary>The longest time from the end of faults until a number was acknowledged.</summary>
    internal TimeSpan LongestRecovery { get; private set; }

    /// <summary>How often watchdogs have started a voter's engine anew.</summary>
    internal int RestartCount { get; private set; }

    internal IReadOnlyList<VoterNode> Without(VoterNode node) => [.. _nodes.Where(other => other != node)];

    /// <summary>Starts the first, which votes alone, and makes the others voters.</summary>
    internal async Task FoundAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.StartAsync()));
        foreach (VoterNode node in _nodes.Skip(1))
        {
            await UntilAsync(
                async () =>
                {
                    if (await LeaderAsync(_nodes) is { } leader)
                    {
                        await leader.AskAsync($"add {node.Number}");
                    }
                    return await RoleAsync(node) == "Following";
                },
                "no voter is added");
        }
    }

    /// <summary>Who believes to lead, among those who are there.</summary>
    internal async Task<VoterNode?> LeaderAsync(IEnumerable<VoterNode> nodes)
    {
        foreach (VoterNode node in nodes)
        {
            if (node.IsThere && await RoleAsync(node) == "Leading")
            {
                return node;
            }
        }
        return null;
    }

    /// <summary>Proposes a new number to whoever leads; true if that was acknowledged.</summary>
    internal async Task<bool> TryWriteAsync(IEnumerable<VoterNode> nodes) =>
        await LeaderAsync(nodes) is { } leader && await TryWriteAsync(leader);

    internal async Task<bool> TryWriteAsync(VoterNode node)
    {
        long number = Interlocked.Increment(ref _lastNumber);
        string[] answer = (await node.AskAsync($"propose {number}"))?.Split(' ') ?? [];
        if (answer is not ["Committed", var term])
        {
            return false;
        }
        lock (_lock)
        {
            _acknowledged.Add(number);
        }
        NoteLeader(node, term);
        return true;
    }

    /// <summary>Waits until one of these takes a number.</summary>
    internal async Task AwaitWriteAsync(IReadOnlyList<VoterNode> nodes)
    {
        var passed = Stopwatch.StartNew();
        await UntilAsync(() => TryWriteAsync(nodes), "no number is acknowledged");
        LongestRecovery = passed.Elapsed > LongestRecovery ? passed.Elapsed : LongestRecovery;
    }

    /// <summary>Whether a majority confirms that it leads.</summary>
    internal async Task<bool> ConfirmsAsync(VoterNode node)
    {
        if (await node.AskAsync("confirm") is not { } answer || answer.Split(' ') is not ["True", var term])
        {
            return false;
        }
        NoteLeader(node, term);
        return true;
    }

    internal Task HealAsync() => Task.WhenAll(_nodes.Where(node => node.IsThere).Select(async node =>
    {
        await node.AskAsync("lose");
        await node.AskAsync("mute");
        await node.AskAsync("repeat no");
    }));

    /// <summary>Waits until all follow one of them and have the same; then looks at what they have.</summary>
    internal async Task CheckAsync()
    {
        string[] lists = [];
        await UntilAsync(
            async () =>
            {
                string?[] roles = await Task.WhenAll(_nodes.Select(RoleAsync));
                lists = await Task.WhenAll(_nodes.Select(async node => await node.AskAsync("numbers") ?? "none"));
                return roles.Count(role => role == "Leading") == 1 && roles.Count(role => role == "Following") == Count - 1
                    && lists.Distinct().Count() == 1;
            },
            "the voters do not come together");
        long[] numbers = [.. lists[0].Split(',').Select(text => long.Parse(text, CultureInfo.InvariantCulture))];
        Require(numbers.Distinct().Count() == numbers.Length, "a number is there twice");
        long[] lost = [.. _acknowledged.Except(numbers)];
        Require(lost.Length == 0, $"acknowledged and lost: {string.Join(' ', lost)}");
        foreach (VoterNode node in _nodes)
        {
            string[] status = (await node.AskAsync("status"))?.Split(' ') ?? [];
            RestartCount += status.Length > 1 ? int.Parse(status[1], CultureInfo.InvariantCulture) : 0;
        }
    }

    internal void Require(bool condition, string complaint) =>
        Assert.True(condition, $"{complaint}\n{string.Join('\n', _nodes.Select(node => node.Told))}");

    public void Dispose()
    {
        foreach (VoterNode node in _nodes)
        {
            node.Dispose();
        }
        _folder.Dispose();
    }

    private static async Task<string?> RoleAsync(VoterNode node) => (await node.AskAsync("status"))?.Split(' ')[0];

    private async Task UntilAsync(Func<Task<bool>> condition, string complaint)
    {
        for (long startedMs = Environment.TickCount64; !await condition();)
        {
            if (Patience.IsOver(startedMs))
            {
                string[] states = await Task.WhenAll(_nodes.Select(async node => await node.AskAsync("status") ?? "gone"));
                string[] lists = await Task.WhenAll(_nodes.Select(async node => await node.AskAsync("numbers") ?? "gone"));
                Require(condition: false, string.Join('\n', [complaint, .. states, .. lists]));
            }
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private void NoteLeader(VoterNode node, string termText)
    {
        long term = long.Parse(termText, CultureInfo.InvariantCulture);
        if (term == 0)
        {
            return;
        }
        lock (_lock)
        {
            byte leader = _leaders.TryGetValue(term, out byte known) ? known : node.Number;
            _leaders[term] = leader;
            Require(leader == node.Number, $"voters {leader} and {node.Number} both act as leaders of term {term}");
        }
    }
}
