using System.Text;

namespace Bixbite.Load.Reporting;

/// <summary>A Markdown table: the first column is text, the others are figures and aligned to the right.</summary>
internal sealed class Table(string title, string[] columns)
{
    private readonly List<string[]> _rows = [];

    public string Title => title;

    public void Add(params string[] cells)
    {
        if (cells.Length != columns.Length)
        {
            throw new ArgumentException($"a row of '{title}' has {cells.Length} cells instead of {columns.Length}", nameof(cells));
        }
        _rows.Add(cells);
    }

    public string ToMarkdown()
    {
        StringBuilder text = new();
        AppendRow(text, columns);
        AppendRow(text, columns.Select((_, index) => index == 0 ? "---" : "--:"));
        foreach (string[] row in _rows)
        {
            AppendRow(text, row);
        }
        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");
}
