using Bixbite.Engine.Facts;

namespace Bixbite.Engine.Metrics;

/// <summary>
/// The facts of INFO as metrics, section by section: there is no other list of them. What is there is looked through once, when it is
/// first asked for; a section of no interest, and a fact that is not told now, are left out. Under the execution lock.
/// </summary>
public sealed class FactMetrics(InfoSections sections)
{
    private const string PrimaryHost = "master_host";
    private const string PrimaryPort = "master_port";

    /// <summary>Facts that redis_exporter labels with the primary that they are about.</summary>
    private static readonly HashSet<string> s_ofPrimary =
        ["master_link_status", "master_last_io_seconds_ago", "master_sync_in_progress", "slave_repl_offset"];

    /// <summary>The labels of tables, and what stands before their values, as redis_exporter has them.</summary>
    private static readonly Dictionary<string, (string Name, string Before)> s_labels = new()
    {
        ["command"] = ("cmd", ""),
        ["error"] = ("err", ""),
        ["database"] = ("db", "db"),
    };

    private SectionMetrics[]? _sections;

    /// <summary>All families that there may be, of which each has a name of its own.</summary>
    public IEnumerable<MetricFamily> Families => Sections.SelectMany(static section =>
        section.Facts.Select(static fact => fact.Metric.Family)
            .Concat(section.Tables.SelectMany(static table => table.Columns).OfType<NamedMetric>().Select(static metric => metric.Family)));

    private SectionMetrics[] Sections => _sections ??= [.. sections.All.Select(MetricsOf)];

    public void WriteTo(MetricsText text)
    {
        foreach (SectionMetrics section in Sections)
        {
            if (!section.Section.IsOfInterest())
            {
                continue;
            }
            section.Section.BeginReading();
            foreach (FactMetric metric in section.Facts)
            {
                if (metric.Fact.IsTold?.Invoke() != false)
                {
                    text.Begin(metric.Metric.Family);
                    text.Add(s_ofPrimary.Contains(metric.Fact.Name) ? PrimaryLabels() : "", metric.Value);
                }
            }
            foreach (TableMetrics table in section.Tables)
            {
                Write(table, text);
            }
        }
    }

    /// <summary>The value of a fact as INFO prints it; empty where there is none now.</summary>
    public string TextOf(string name) => sections.All.SelectMany(static section => section.Declared)
        .FirstOrDefault(fact => fact.Name == name && fact.IsTold?.Invoke() != false)?.Text ?? "";

    /// <summary>The labels of what is about the primary.</summary>
    public string PrimaryLabels() =>
        $"{MetricsText.Label(PrimaryHost, TextOf(PrimaryHost))},{MetricsText.Label(PrimaryPort, TextOf(PrimaryPort))}";

    private static void Write(TableMetrics table, MetricsText text)
    {
        FactRow[] rows = [.. table.Table.Rows()];
        string[] labels = [.. rows.Select(row => MetricsText.Label(table.Label, table.Before + row.Name))];
        for (int column = 0; column < table.Columns.Length; column++)
        {
            if (table.Columns[column] is not { } metric || rows.Length == 0)
            {
                continue;
            }
            text.Begin(metric.Family);
            for (int row = 0; row < rows.Length; row++)
            {
                if (rows[row].Numbers[column] is { } number)
                {
                    text.Add(labels[row], number.Number * metric.Scale);
                }
            }
        }
    }

    private static SectionMetrics MetricsOf(InfoSection section) => new(
        section,
        [.. section.Declared.Select(fact => MetricOf(section.Heading, fact)).OfType<FactMetric>()],
        [.. section.Tables.Select(table => MetricsOf(section.Heading, table))]);

    private static FactMetric? MetricOf(string heading, Fact fact)
    {
        string? word = MetricNames.WordOf(fact.Name);
        FactKind kind = word is null ? fact.Kind : FactKind.Gauge;
        return kind != FactKind.Text && MetricNames.Find(heading, fact.Name, kind, fact.Unit, fact.IsFixed) is { } metric
            ? new FactMetric(fact, metric, word)
            : null;
    }

    private static TableMetrics MetricsOf(string heading, FactTable table)
    {
        (string label, string before) = s_labels.GetValueOrDefault(table.Thing, (table.Thing, ""));
        return new TableMetrics(
            table,
            label,
            before,
            [.. table.Columns.Select(column => MetricNames.Find(heading, table.NameOf(column), column.Kind, column.Unit, isFixed: false))]);
    }

    private sealed record SectionMetrics(InfoSection Section, FactMetric[] Facts, TableMetrics[] Tables);

    private sealed record TableMetrics(FactTable Table, string Label, string Before, NamedMetric?[] Columns);

    /// <summary>A fact that is a metric; <paramref name="Word"/> is the one by which a text stands for 1.</summary>
    private sealed record FactMetric(Fact Fact, NamedMetric Metric, string? Word)
    {
        public double Value => Word is null ? Fact.Read().Number * Metric.Scale : Fact.Text == Word ? 1 : 0;
    }
}
