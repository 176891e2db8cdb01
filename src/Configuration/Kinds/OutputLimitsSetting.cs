using System.Globalization;

namespace Bixbite.Configuration.Kinds;

/// <summary>A client is dropped when its waiting output exceeds the hard limit, or the soft one for that long; 0 is no limit.</summary>
public readonly record struct OutputLimits(long HardBytes, long SoftBytes, int SoftSeconds);

/// <summary>The limits of the three classes of clients.</summary>
public sealed record OutputLimitClasses(OutputLimits Normal, OutputLimits Replica, OutputLimits PubSub);

/// <summary>client-output-buffer-limit: any number of <c>class hard soft seconds</c>; classes not named keep their limits.</summary>
public sealed class OutputLimitsSetting(string name, OutputLimitClasses standard) : ValueSetting<OutputLimitClasses>(name, standard)
{
    public override string Range => "class (normal, replica, pubsub), hard limit, soft limit, seconds";

    public override IEnumerable<RewrittenLine> Rewrite() =>
    [
        Line("normal", Value.Normal, Default.Normal),
        Line("replica", Value.Replica, Default.Replica),
        Line("pubsub", Value.PubSub, Default.PubSub),
    ];

    protected override string? Read(IReadOnlyList<string> words)
    {
        if (words.Count % 4 != 0)
        {
            return "Wrong number of arguments in buffer limit configuration.";
        }
        OutputLimitClasses value = Value;
        for (int i = 0; i < words.Count; i += 4)
        {
            string? problem = ReadClass(words, i, ref value);
            if (problem is not null)
            {
                return problem;
            }
        }
        return Keep(value);
    }

    protected override string Format(OutputLimitClasses value) =>
        $"normal {Show(value.Normal)} slave {Show(value.Replica)} pubsub {Show(value.PubSub)}";

    private static string? ReadClass(IReadOnlyList<string> words, int start, ref OutputLimitClasses value)
    {
        string kind = words[start].ToLowerInvariant();
        if (kind is not ("normal" or "replica" or "slave" or "pubsub"))
        {
            return "Invalid client class specified in buffer limit configuration.";
        }
        if (!NumberSyntax.TryReadMemory(words[start + 1], out ulong hard) || hard > long.MaxValue
            || !NumberSyntax.TryReadMemory(words[start + 2], out ulong soft) || soft > long.MaxValue
            || !NumberSyntax.TryReadLoose(words[start + 3], out long seconds) || seconds is < 0 or > int.MaxValue)
        {
            return "Error in hard, soft or soft_seconds setting in buffer limit configuration.";
        }
        OutputLimits limits = new((long)hard, (long)soft, (int)seconds);
        value = kind switch
        {
            "normal" => value with { Normal = limits },
            "pubsub" => value with { PubSub = limits },
            _ => value with { Replica = limits },
        };
        return null;
    }

    private static string Show(OutputLimits limits) =>
        string.Create(CultureInfo.InvariantCulture, $"{limits.HardBytes} {limits.SoftBytes} {limits.SoftSeconds}");

    private RewrittenLine Line(string kind, OutputLimits now, OutputLimits standard)
    {
        string sizes = $"{NumberSyntax.Memory(now.HardBytes)} {NumberSyntax.Memory(now.SoftBytes)}";
        return new($"{Name} {kind} {sizes} {NumberSyntax.Show(now.SoftSeconds)}", now != standard);
    }
}
