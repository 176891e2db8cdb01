using System.Text;

namespace Bixbite.Commands.Server.Shared;

/// <summary>
/// A picture of dots, shown with the braille characters: each stands for two columns and four lines of dots.
/// <code>
///   bit  0 3      U+2800 + bits
///        1 4
///        2 5
///        6 7
/// </code>
/// </summary>
internal sealed class BrailleCanvas
{
    private const int DotColumns = 2;
    private const int DotLines = 4;
    private const char Blank = '\u2800';

    private readonly byte[] _cells;
    private readonly int _columnCount;

    public BrailleCanvas(int columnCount, int lineCount)
    {
        _columnCount = columnCount;
        _cells = new byte[columnCount * lineCount];
        Width = columnCount * DotColumns;
        Height = lineCount * DotLines;
    }

    /// <summary>In dots.</summary>
    public int Width { get; }

    public int Height { get; }

    /// <summary>Draws a line; what lies outside the picture is left out.</summary>
    public void Line(double fromX, double fromY, double toX, double toY)
    {
        int count = (int)Math.Ceiling(Math.Max(Math.Abs(toX - fromX), Math.Abs(toY - fromY)));
        for (int i = 0; i <= count; i++)
        {
            double share = count == 0 ? 0 : (double)i / count;
            Dot((int)Math.Round(fromX + ((toX - fromX) * share)), (int)Math.Round(fromY + ((toY - fromY) * share)));
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        for (int i = 0; i < _cells.Length; i += _columnCount)
        {
            foreach (byte cell in _cells.AsSpan(i, _columnCount))
            {
                text.Append((char)(Blank + cell));
            }
            text.Append('\n');
        }
        return text.ToString();
    }

    private void Dot(int x, int y)
    {
        if (x < 0 || y < 0 || x >= Width || y >= Height)
        {
            return;
        }
        int line = y % DotLines;
        int column = x % DotColumns;
        int bit = line == DotLines - 1 ? 6 + column : line + (column * 3);
        _cells[(y / DotLines * _columnCount) + (x / DotColumns)] |= (byte)(1 << bit);
    }
}
