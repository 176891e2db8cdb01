using System.Text;

namespace Bixbite.Engine.Facts;

/// <summary>
/// Numbers of each of several things of a kind: databases, commands, kinds of errors. INFO prints a line for each thing,
/// <c>cmdstat_get:calls=3,usec=12</c>; metrics have a series for each column, <c>cmdstat_calls</c>, labelled with the name of the thing.
/// </summary>
/// <param name="prefix">Begins the names of lines and series.</param>
/// <param name="label">The kind of thing, in one word.</param>
/// <param name="columns">The numbers of each thing, in their order.</param>
public sealed class FactTable(string prefix, string label, params IReadOnlyList<FactColumn> columns)
{
    /// <summary>The things that there are now; under the execution lock.</summary>
    public required Func<IEnumerable<FactRow>> Rows { get; init; }

    internal IReadOnlyList<FactColumn> Columns => columns;

    /// <summary>The kind of thing, in one word.</summary>
    internal string Thing => label;

    internal IEnumerable<Fact> Lines => Rows().Select(row => Fact.Line(prefix + row.Name, Describe(row)));

    internal IEnumerable<FactSeries> Series => columns.Select(column => new FactSeries(NameOf(column), column.Kind, column.Unit, label));

    internal IEnumerable<FactSample> Samples =>
        from row in Rows()
        from cell in columns.Zip(row.Numbers)
        where cell.Second.HasValue
        select new FactSample(NameOf(cell.First), cell.Second.GetValueOrDefault().Number, row.Name);

    /// <summary>The name of a column's series.</summary>
    internal string NameOf(FactColumn column) => $"{prefix.TrimEnd('_')}_{column.Name}";

    private string Describe(FactRow row)
    {
        StringBuilder text = new();
        foreach ((FactColumn column, FactValue? number) in columns.Zip(row.Numbers))
        {
            if (number is { } told)
            {
                text.Append(text.Length == 0 ? "" : ",").Append(column.Name).Append('=').Append(told.ToString());
            }
        }
        return text.ToString();
    }
}

/// <summary>A number that each thing of a table has.</summary>
public readonly record struct FactColumn(string Name, FactKind Kind, FactUnit Unit = FactUnit.None);

/// <summary>The numbers of one thing, in the order of the columns; null for one that is not told.</summary>
public readonly record struct FactRow(string Name, params FactValue?[] Numbers);
