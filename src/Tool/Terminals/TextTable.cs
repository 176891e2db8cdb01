using System.Text;

namespace Bixbite.Tool.Terminals;

/// <summary>
/// Rows whose columns stand below each other. The last column is as long as it is: a terminal may wrap it, a program reads it whole.
/// </summary>
/// <param name="heads">The columns; one whose name begins with a blank is of numbers, which end below each other.</param>
internal sealed class TextTable(params string[] heads)
{
    private readonly List<string[]> _rows = [[.. heads.Select(head => head.TrimStart())]];

    public bool IsEmpty => _rows.Count == 1;

    public void Add(params string[] cells) => _rows.Add(cells);

    public override string ToString()
    {
        int[] widths = [.. heads.Select((_, column) => _rows.Max(row => row[column].Length))];
        StringBuilder text = new();
        foreach (string[] row in _rows)
        {
            for (int column = 0; column < row.Length; column++)
            {
                bool isLast = column == row.Length - 1;
                string cell = heads[column].StartsWith(' ') ? row[column].PadLeft(widths[column])
                    : isLast ? row[column] : row[column].PadRight(widths[column]);
                text.Append(cell).Append(isLast ? "\n" : "  ");
            }
        }
        return text.ToString();
    }
}
