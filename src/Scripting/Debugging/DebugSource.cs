using System.Globalization;
using System.Text;
using Bixbite.Structures.Text;

namespace Bixbite.Scripting.Debugging;

/// <summary>The lines of a script that is debugged, the breakpoints in them, and the line where it stands.</summary>
internal sealed class DebugSource
{
    private const int BreakpointsMax = 64;

    private readonly DebugLog _log;
    private readonly byte[][] _lines;
    private readonly List<int> _breakpoints = [];

    public DebugSource(ReadOnlySpan<byte> source, DebugLog log)
    {
        _log = log;
        source = source.TrimEnd("\r\n"u8);
        var lines = new List<byte[]>();
        foreach (Range line in source.Split((byte)'\n'))
        {
            lines.Add(source[line].ToArray());
        }
        _lines = source.IsEmpty ? [] : [.. lines];
    }

    /// <summary>The line that runs next, from 1 on.</summary>
    public int CurrentLine { get; set; }

    public bool IsBreakpoint(int line) => _breakpoints.Contains(line);

    public void RemoveBreakpoints() => _breakpoints.Clear();

    /// <summary>Shows a line with its number and its marks.</summary>
    public void Show(int line)
    {
        bool isBreakpoint = IsBreakpoint(line);
        string mark = line == CurrentLine ? (isBreakpoint ? "->#" : "-> ") : isBreakpoint ? "  #" : "   ";
        var text = new DebugText(int.MaxValue);
        text.Add(string.Create(CultureInfo.InvariantCulture, $"{mark}{line,-3} "));
        text.Add((uint)(line - 1) < (uint)_lines.Length ? _lines[line - 1] : "<out of range source code line>"u8);
        _log.Add(text.Bytes);
    }

    /// <summary>Shows the lines around one.</summary>
    public void ShowAround(int line, int context)
    {
        for (int i = 1; i <= _lines.Length; i++)
        {
            if (Math.Abs((long)line - i) <= context)
            {
                Show(i);
            }
        }
    }

    /// <summary>Shows all breakpoints.</summary>
    public void ShowBreakpoints()
    {
        if (_breakpoints.Count == 0)
        {
            _log.Add("No breakpoints set. Use 'b <line>' to add one."u8);
            return;
        }
        _log.Add(string.Create(CultureInfo.InvariantCulture, $"{_breakpoints.Count} breakpoints set:"));
        foreach (int line in _breakpoints)
        {
            Show(line);
        }
    }

    /// <summary>Sets a breakpoint in a line, or takes it away where the number is negative; 0 takes all away.</summary>
    public void Break(ReadOnlySpan<byte> argument)
    {
        if (!Integers.TryParse(argument, out long line))
        {
            _log.Add("Invalid argument:'" + Encoding.Latin1.GetString(argument) + "'");
        }
        else if (line == 0)
        {
            RemoveBreakpoints();
            _log.Add("All breakpoints removed."u8);
        }
        else if (line < 0)
        {
            bool isRemoved = line >= -int.MaxValue && _breakpoints.Remove((int)-line);
            _log.Add(isRemoved ? "Breakpoint removed."u8 : "No breakpoint in the specified line."u8);
        }
        else if (_breakpoints.Count == BreakpointsMax)
        {
            _log.Add("Too many breakpoints set."u8);
        }
        else if (line > _lines.Length || IsBreakpoint((int)line))
        {
            _log.Add("Wrong line number."u8);
        }
        else
        {
            _breakpoints.Add((int)line);
            ShowAround((int)line, 1);
        }
    }
}
