namespace Bixbite.Engine.Metrics;

/// <summary>A metric: all samples of one name, whatever their labels.</summary>
/// <param name="Name">As a query has it: with <c>_total</c>, where a counter has that.</param>
/// <param name="Kind">How its samples are to be read.</param>
/// <param name="Help">A sentence for people, without quotes and line ends.</param>
public sealed record MetricFamily(string Name, MetricKind Kind, string Help)
{
    /// <summary>Ends the names of counters.</summary>
    internal const string Total = "_total";
}

/// <summary>The kinds of metrics that OpenMetrics knows and that are used here.</summary>
public enum MetricKind
{
    /// <summary>Only grows, but for a restart; its name ends with <c>_total</c>.</summary>
    Counter,

    /// <summary>Goes up and down; its name does not end so.</summary>
    Gauge,

    /// <summary>A number whose given name contradicts what it is.</summary>
    Unknown,

    /// <summary>How many values were at most so large, for several sizes.</summary>
    Histogram,

    /// <summary>Values that parts of all did not exceed.</summary>
    Summary,
}
