namespace Bixbite.Load.Scenarios;

/// <summary>A script that is called often, by its digest.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Source">The script.</param>
/// <param name="Arguments">What follows the digest; see <see cref="Client.PatternSource"/>.</param>
/// <param name="Goal">Its throughput by the baseline's.</param>
internal sealed record ShortScript(string Name, string Source, string Arguments, double Goal)
{
    /// <summary>What fills the keys that it finds, and how many steps of that.</summary>
    public (string Pattern, int Count) Fill { get; init; } = ("", 0);
}

/// <summary>A script that does much at once.</summary>
internal sealed record LongScript(string Name, string Source, double Goal);

/// <summary>What the scripts scenario measures.</summary>
internal static class Scripts
{
    private const int Million = 1_000_000;

    /// <summary>A bucket of tokens per subject that fills evenly: the limiter of most services.</summary>
    private const string TokenBucket =
        """
        local capacity, perMs = tonumber(ARGV[1]), tonumber(ARGV[2]) / 1000
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
        local tokens = tonumber(bucket[1]) or capacity
        tokens = math.min(capacity, tokens + (now - (tonumber(bucket[2]) or now)) * perMs)
        local isAdmitted = tokens >= 1
        if isAdmitted then
          tokens = tokens - 1
        end
        redis.call('HSET', KEYS[1], 'tokens', tokens, 'at', now)
        redis.call('PEXPIRE', KEYS[1], math.ceil(capacity / perMs))
        return isAdmitted and 1 or 0
        """;

    public static IReadOnlyList<ShortScript> Short { get; } =
    [
        new("EVALSHA of one GET", "return redis.call('GET', KEYS[1])", "1 key:{?1000000}", 1.5)
        {
            Fill = ("SET key:{#} value:{#}", Million),
        },
        new("EVALSHA of a token bucket", TokenBucket, "1 bucket:{?100000} 100 10", 1.5),
    ];

    public static IReadOnlyList<LongScript> Long { get; } =
    [
        new("a million calls of SET", "for i = 1, 1000000 do redis.call('SET', 'key:' .. i, i) end return 1", 1.5),
        new("a million calls of INCR", "for i = 1, 1000000 do redis.call('INCR', 'counter') end return redis.call('GET', 'counter')", 1.5),
        new(
            "fib(32)",
            """
            local function fib(n)
              if n < 2 then return n end
              return fib(n - 1) + fib(n - 2)
            end
            return fib(32)
            """,
            1.3),
        new(
            "sort of 300,000 numbers",
            """
            local numbers, seed = {}, 42
            for i = 1, 300000 do
              seed = (seed * 16807) % 2147483647
              numbers[i] = seed
            end
            table.sort(numbers)
            return numbers[1] + numbers[300000]
            """,
            1.0),
        new(
            "a million concatenations",
            "local size = 0 for i = 1, 1000000 do local text = 'item:' .. i .. ':end' size = size + #text end return size",
            1.0),
        new(
            "cjson, 1 MB there and back, 5 times",
            """
            local items, size = {}, 0
            for i = 1, 14000 do
              items[i] = { id = i, name = 'name of ' .. i, price = i / 8, tags = { 'one', 'two' } }
            end
            for round = 1, 5 do
              local text = cjson.encode(items)
              size = size + #text
              items = cjson.decode(text)
            end
            return size
            """,
            1.0),
        new(
            "gsub over 1 MB, twice",
            """
            local text = string.rep('the quick brown fox ', 52000)
            local _, words = string.gsub(text, '%a+', string.upper)
            local _, ends = string.gsub(text, '(%w)%s', '%1_')
            return words + ends
            """,
            1.0),
        new(
            "3 million reads and writes of a table",
            """
            local numbers = {}
            for i = 1, 1000 do numbers[i] = i end
            for round = 1, 3000 do
              for i = 1, 1000 do numbers[i] = numbers[i] + 1 end
            end
            return numbers[1000]
            """,
            1.3),
    ];
}
