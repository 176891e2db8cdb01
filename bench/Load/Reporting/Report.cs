namespace Bixbite.Load.Reporting;

/// <summary>The tables of a run in the order they came, and notes.</summary>
internal sealed class Report
{
    private readonly List<Table> _tables = [];
    private readonly List<string> _notes = [];

    /// <summary>The table of that title, made when first asked for.</summary>
    public Table Table(string title, params string[] columns)
    {
        Table? table = _tables.Find(candidate => candidate.Title == title);
        if (table is null)
        {
            table = new Table(title, columns);
            _tables.Add(table);
        }

        return table;
    }

    public void Note(string text) => _notes.Add(text);

    /// <summary>For each table its title, what it was measured with, and its rows; then the notes, if there are any.</summary>
    public IEnumerable<string> Sections(IReadOnlyList<string> conditions)
    {
        foreach (Table table in _tables)
        {
            yield return $"{table.Title}\n\n{string.Join('\n', conditions)}\n\n{table.ToMarkdown()}";
        }
        if (_notes.Count > 0)
        {
            yield return $"Remarks\n\n{string.Join('\n', conditions)}\n\n{string.Concat(_notes.Select(note => $"- {note}\n"))}";
        }
    }
}
