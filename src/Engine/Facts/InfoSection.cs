namespace Bixbite.Engine.Facts;

/// <summary>
/// The facts under one heading of INFO, whoever adds them, in the order in which Redis has them; what Redis does not have follows. Facts of
/// which Redis' order says nothing stay in the order in which they were added.
/// </summary>
public sealed class InfoSection(string heading, string[] order)
{
    private readonly List<Entry> _entries = [];
    private Func<bool>? _isTold;

    /// <summary>As it stands in INFO; clients ask for it in any letter case.</summary>
    public string Heading => heading;

    /// <summary>Whether it is told to those who do not ask for it by its name.</summary>
    public Func<bool> IsOfInterest { get; set; } = static () => true;

    /// <summary>Called before the facts are read: takes what several of them are read from.</summary>
    public event Action? Reading;

    /// <summary>The facts that are told now.</summary>
    public IEnumerable<Fact> Facts
    {
        get
        {
            Reading?.Invoke();
            foreach (Entry entry in _entries)
            {
                if (entry.Lines is { } lines)
                {
                    foreach (Fact line in lines())
                    {
                        yield return line;
                    }
                }
                else if (entry.Fact!.IsTold?.Invoke() != false)
                {
                    yield return entry.Fact;
                }
            }
        }
    }

    /// <summary>The facts of one value each, be they told now or not.</summary>
    internal IEnumerable<Fact> Declared => _entries.Where(static entry => entry.Fact is not null).Select(static entry => entry.Fact!);

    internal IEnumerable<FactTable> Tables => _entries.Where(static entry => entry.Table is not null).Select(static entry => entry.Table!);

    /// <summary>The numbers that may be told here, be they told now or not; those that never change are none.</summary>
    internal IEnumerable<FactSeries> Series => _entries.SelectMany(static entry => entry switch
    {
        { Table: { } table } => table.Series,
        { Fact: { IsMeasured: true } fact } => [new FactSeries(fact.Name, fact.Kind, fact.Unit, null)],
        _ => [],
    });

    /// <summary>The numbers that are told now.</summary>
    internal IEnumerable<FactSample> Samples
    {
        get
        {
            Reading?.Invoke();
            return _entries.SelectMany(static entry => entry switch
            {
                { Table: { } table } => table.Samples,
                { Fact: { IsMeasured: true } fact } when fact.IsTold?.Invoke() != false =>
                    [new FactSample(fact.Name, fact.Read().Number, null)],
                _ => [],
            });
        }
    }

    /// <summary>Before facts are read other than by <see cref="Facts"/>.</summary>
    internal void BeginReading() => Reading?.Invoke();

    public void Counter(string name, Func<long> read, FactUnit unit = FactUnit.None) =>
        Add(new Fact(name, FactKind.Counter, unit, () => new FactValue(read())));

    public void Gauge(string name, Func<long> read, FactUnit unit = FactUnit.None) =>
        Add(new Fact(name, FactKind.Gauge, unit, () => new FactValue(read())));

    public void Gauge(string name, Func<double> read, FactUnit unit = FactUnit.Ratio) =>
        Add(new Fact(name, FactKind.Gauge, unit, () => new FactValue(read())));

    public void Text(string name, Func<string> read) => Add(new Fact(name, FactKind.Text, FactUnit.None, () => new FactValue(read())));

    /// <summary>A text that is always the same here; tools expect the line.</summary>
    public void Text(string name, string text) => Add(Fact.Line(name, text));

    /// <summary>Numbers that are always the same here; tools expect the lines.</summary>
    public void Fixed(long value, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            Add(new Fact(name, FactKind.Gauge, FactUnit.None, () => new FactValue(value)) { IsFixed = true });
        }
    }

    public void Add(Fact fact) => Add(new Entry(Place(fact.Name), _isTold is null ? fact : fact with { IsTold = _isTold }, null, null));

    /// <summary>Lines whose names follow from what there is, and that are texts: replicas.</summary>
    public void AddLines(Func<IEnumerable<Fact>> lines) => Add(new Entry(order.Length, null, lines, null));

    /// <summary>A line for each of several things, made of numbers: commands, databases, kinds of errors.</summary>
    public void AddTable(FactTable table) => Add(new Entry(order.Length, null, () => table.Lines, table));

    /// <summary>The facts that <paramref name="add"/> adds are told only while this is so.</summary>
    public void While(Func<bool> isTold, Action add)
    {
        _isTold = isTold;
        add();
        _isTold = null;
    }

    private int Place(string name)
    {
        int place = Array.IndexOf(order, name);
        return place < 0 ? order.Length : place;
    }

    private void Add(Entry entry)
    {
        int index = _entries.Count;
        while (index > 0 && _entries[index - 1].Place > entry.Place)
        {
            index--;
        }
        _entries.Insert(index, entry);
    }

    private readonly record struct Entry(int Place, Fact? Fact, Func<IEnumerable<Fact>>? Lines, FactTable? Table);
}
