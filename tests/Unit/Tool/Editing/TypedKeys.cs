using Bixbite.Tool.Editing;

namespace Bixbite.Unit.Tool.Editing;

/// <summary>
/// Keys as a terminal would send them, from a text: letters for themselves, <c>^A</c> for a letter with Ctrl, and names in angle brackets.
/// </summary>
internal sealed class TypedKeys : IKeys
{
    private readonly Queue<ConsoleKeyInfo> _keys = new();

    public TypedKeys(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '<':
                    int end = text.IndexOf('>', i);
                    _keys.Enqueue(Named(text[(i + 1)..end]));
                    i = end;
                    break;
                case '^':
                    ConsoleKey key = Enum.Parse<ConsoleKey>(text[++i].ToString());
                    _keys.Enqueue(new ConsoleKeyInfo((char)(key - ConsoleKey.A + 1), key, shift: false, alt: false, control: true));
                    break;
                default:
                    _keys.Enqueue(new ConsoleKeyInfo(text[i], ConsoleKey.None, shift: false, alt: false, control: false));
                    break;
            }
        }
    }

    public bool IsPressed => _keys.Count > 0;

    /// <summary>Keys are read here.</summary>
    public bool IsBegun { get; private set; }

    public void Begin() => IsBegun = true;

    public void End() => IsBegun = false;

    public ConsoleKeyInfo? Read() => _keys.TryDequeue(out ConsoleKeyInfo key) ? key : null;

    private static ConsoleKeyInfo Named(string name) => name switch
    {
        "Enter" => new('\r', ConsoleKey.Enter, false, false, false),
        "Tab" => new('\t', ConsoleKey.Tab, false, false, false),
        "BackTab" => new('\t', ConsoleKey.Tab, true, false, false),
        "Backspace" => new('\b', ConsoleKey.Backspace, false, false, false),
        "WordLeft" => new('\0', ConsoleKey.LeftArrow, false, false, true),
        "WordRight" => new('\0', ConsoleKey.RightArrow, false, false, true),
        _ => new('\0', Enum.Parse<ConsoleKey>(name), false, false, false),
    };
}
