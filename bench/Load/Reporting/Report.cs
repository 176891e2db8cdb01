using System.Text;

namespace Bixbite.Load.Reporting;

/// <summary>The tables of a run in the order they came, and notes below them.</summary>
internal sealed class Report
{
    private readonly List<Table> tables = [];
    private readonly List<string> notes = [];

    /// <summary>The table of that title, made when first asked for.</summary>
    public Table Table(string title, params string[] columns)
    {
        Table? table = tables.Find(candidate => candidate.Title == title);
        if (table is null)
        {
            table = new Table(title, columns);
            tables.Add(table);
        }

        return table;
    }

    public void Note(string text) => notes.Add(text);

    public string ToMarkdown(IEnumerable<string> preamble)
    {
        StringBuilder text = new();
        foreach (string line in preamble)
            text.AppendLine(line);
        foreach (Table table in tables)
            table.AppendTo(text);
        if (notes.Count > 0)
            text.AppendLine();
        foreach (string note in notes)
            text.AppendLine($"- {note}");
        return text.ToString();
    }
}
