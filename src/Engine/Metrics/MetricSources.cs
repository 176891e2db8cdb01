namespace Bixbite.Engine.Metrics;

/// <summary>
/// All that writes metrics: the facts of INFO, each of which is one by rule, and the capabilities that have numbers of another kind. A
/// service. Under the execution lock, but for adding.
/// </summary>
public sealed class MetricSources
{
    private readonly List<Action<MetricsText>> _all = [];

    /// <summary>Adds who writes whole families, of names that nobody else has.</summary>
    public void Add(Action<MetricsText> source) => _all.Add(source);

    /// <summary>Writes everything as it is now.</summary>
    public void WriteTo(MetricsText text)
    {
        foreach (Action<MetricsText> source in _all)
        {
            source(text);
        }
        text.End();
    }
}
