using System.Text;
using Bixbite.Tool.Terminals;

namespace Bixbite.Tool.Editing;

/// <summary>
/// Reads a line that a person types: moving, removing, the lines of before, completion, a hint after it. It stays within one row of the
/// terminal: of a longer line the part around the cursor is shown.
/// <code>
///   127.0.0.1:6379> SET key value [NX | XX]      typed, and the hint in a faint colour
/// </code>
/// </summary>
internal sealed class LineEditor(Terminal terminal, IKeys keys, History history, ILineAid aid)
{
    private const char Escape = '\e';

    private readonly EditedLine _line = new();
    private IReadOnlyList<string> _completions = [];
    private int _completion;
    private int _place;
    private string _draft = "";

    private enum Outcome
    {
        Goes,
        Ends,
        Gone,
    }

    /// <summary>The line; null when the person wants to leave, by Ctrl-D or Ctrl-C in an empty line.</summary>
    public string? Read(string prompt)
    {
        _line.Set("");
        _completions = [];
        _place = history.Count;
        keys.Begin();
        try
        {
            return Edit(prompt);
        }
        finally
        {
            keys.End();
        }
    }

    private string? Edit(string prompt)
    {
        while (true)
        {
            Draw(prompt, isOver: false);
            Outcome outcome = keys.Read() is { } key ? Take(key) : Outcome.Gone;
            if (outcome != Outcome.Goes)
            {
                Draw(prompt, isOver: true);
                terminal.Write("\n");
                return outcome == Outcome.Ends ? _line.Text : null;
            }
        }
    }

    private Outcome Take(ConsoleKeyInfo key)
    {
        if (key.Key == ConsoleKey.Tab)
        {
            Complete(key.Modifiers.HasFlag(ConsoleModifiers.Shift) ? -1 : 1);
            return Outcome.Goes;
        }
        _completions = [];
        if (key.Modifiers.HasFlag(ConsoleModifiers.Control) || (key.KeyChar is > '\0' and < ' ' && key.Key != ConsoleKey.Enter))
        {
            return TakeControl(key);
        }
        switch (key.Key)
        {
            case ConsoleKey.Enter:
                return Outcome.Ends;
            case ConsoleKey.Backspace:
                _line.RemoveLeft();
                break;
            case ConsoleKey.Delete:
                _line.RemoveRight();
                break;
            case ConsoleKey.LeftArrow:
                _line.MoveLeft();
                break;
            case ConsoleKey.RightArrow:
                _line.MoveRight();
                break;
            case ConsoleKey.Home:
                _line.MoveToStart();
                break;
            case ConsoleKey.End:
                _line.MoveToEnd();
                break;
            case ConsoleKey.UpArrow:
                Recall(-1);
                break;
            case ConsoleKey.DownArrow:
                Recall(1);
                break;
            default:
                if (key.KeyChar >= ' ')
                {
                    _line.Insert(key.KeyChar);
                }
                break;
        }
        return Outcome.Goes;
    }

    /// <summary>
    /// The keys of Emacs and readline; a key without a name of its own is told by the control byte that the terminal sends.
    /// </summary>
    private Outcome TakeControl(ConsoleKeyInfo key)
    {
        ConsoleKey letter = key.KeyChar is > '\0' and < '\x1b' ? ConsoleKey.A + (key.KeyChar - 1) : key.Key;
        switch (letter)
        {
            case ConsoleKey.J or ConsoleKey.M or ConsoleKey.Enter:
                return Outcome.Ends;
            case ConsoleKey.D or ConsoleKey.C when _line.Text.Length == 0:
                return Outcome.Gone;
            case ConsoleKey.C:
                _line.Set("");
                break;
            case ConsoleKey.D:
                _line.RemoveRight();
                break;
            case ConsoleKey.H or ConsoleKey.Backspace:
                _line.RemoveLeft();
                break;
            case ConsoleKey.A:
                _line.MoveToStart();
                break;
            case ConsoleKey.E:
                _line.MoveToEnd();
                break;
            case ConsoleKey.B:
                _line.MoveLeft();
                break;
            case ConsoleKey.F:
                _line.MoveRight();
                break;
            case ConsoleKey.LeftArrow:
                _line.MoveWordLeft();
                break;
            case ConsoleKey.RightArrow:
                _line.MoveWordRight();
                break;
            case ConsoleKey.K:
                _line.RemoveToEnd();
                break;
            case ConsoleKey.U:
                _line.RemoveToStart();
                break;
            case ConsoleKey.W:
                _line.RemoveWordLeft();
                break;
            case ConsoleKey.P:
                Recall(-1);
                break;
            case ConsoleKey.N:
                Recall(1);
                break;
            case ConsoleKey.L:
                terminal.Write($"{Escape}[H{Escape}[2J");
                break;
        }
        return Outcome.Goes;
    }

    /// <summary>Shows the next of the lines that this one may become, and after the last of them the first.</summary>
    private void Complete(int step)
    {
        if (_completions.Count == 0)
        {
            _completions = aid.Complete(_line.Text[.._line.Cursor]);
            _completion = step > 0 ? -1 : 0;
        }
        if (_completions.Count > 0)
        {
            _completion = (_completion + step + _completions.Count) % _completions.Count;
            _line.Set(_completions[_completion]);
        }
    }

    private void Recall(int step)
    {
        int place = Math.Clamp(_place + step, 0, history.Count);
        if (place == _place)
        {
            return;
        }
        if (_place == history.Count)
        {
            _draft = _line.Text;
        }
        _place = place;
        _line.Set(place == history.Count ? _draft : history[place]);
    }

    private void Draw(string prompt, bool isOver)
    {
        int room = Math.Max(terminal.Width() - prompt.Length - 1, 8);
        int start = Math.Max(_line.Cursor - room, 0);
        string shown = _line.Text.Substring(start, Math.Min(_line.Text.Length - start, room));
        StringBuilder text = new();
        text.Append('\r').Append(prompt).Append(shown);
        string hint = isOver ? "" : aid.Hint(_line.Text);
        int left = room - shown.Length;
        if (hint.Length > 0 && left > 1)
        {
            string part = hint.Length <= left ? hint : hint[..left];
            text.Append(terminal.HasColors ? $"{Escape}[90m{part}{Escape}[0m" : "");
        }
        text.Append(Escape).Append("[0K\r");
        text.Append(Escape).Append('[').Append(prompt.Length + _line.Cursor - start).Append('C');
        terminal.Write(text.ToString());
    }
}
