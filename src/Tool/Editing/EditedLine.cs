namespace Bixbite.Tool.Editing;

/// <summary>A line that is being typed, and the place in it where the next letter goes. A letter of two code units is never cut.</summary>
internal sealed class EditedLine
{
    public string Text { get; private set; } = "";

    /// <summary>The place, in code units.</summary>
    public int Cursor { get; private set; }

    public void Set(string text) => (Text, Cursor) = (text, text.Length);

    public void Insert(char letter)
    {
        Text = Text.Insert(Cursor, letter.ToString());
        Cursor++;
    }

    public void MoveLeft() => Cursor = Before(Cursor);

    public void MoveRight() => Cursor = After(Cursor);

    public void MoveToStart() => Cursor = 0;

    public void MoveToEnd() => Cursor = Text.Length;

    /// <summary>To the start of the word before.</summary>
    public void MoveWordLeft() => Cursor = WordBefore();

    /// <summary>After the end of the word that follows.</summary>
    public void MoveWordRight()
    {
        while (Cursor < Text.Length && Text[Cursor] == ' ')
        {
            Cursor++;
        }
        while (Cursor < Text.Length && Text[Cursor] != ' ')
        {
            Cursor++;
        }
    }

    public void RemoveLeft() => Remove(Before(Cursor), Cursor);

    public void RemoveRight() => Remove(Cursor, After(Cursor));

    public void RemoveToStart() => Remove(0, Cursor);

    public void RemoveToEnd() => Remove(Cursor, Text.Length);

    public void RemoveWordLeft() => Remove(WordBefore(), Cursor);

    private void Remove(int start, int end)
    {
        Text = Text.Remove(start, end - start);
        Cursor = start;
    }

    private int Before(int index) => index >= 2 && char.IsSurrogatePair(Text, index - 2) ? index - 2 : Math.Max(index - 1, 0);

    private int After(int index) =>
        index + 1 < Text.Length && char.IsSurrogatePair(Text, index) ? index + 2 : Math.Min(index + 1, Text.Length);

    private int WordBefore()
    {
        int start = Cursor;
        while (start > 0 && Text[start - 1] == ' ')
        {
            start--;
        }
        while (start > 0 && Text[start - 1] != ' ')
        {
            start--;
        }
        return start;
    }
}
