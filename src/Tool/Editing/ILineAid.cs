namespace Bixbite.Tool.Editing;

/// <summary>Knows what may be typed.</summary>
internal interface ILineAid
{
    /// <summary>The whole lines that this beginning may become.</summary>
    IReadOnlyList<string> Complete(string start);

    /// <summary>A text that is shown faintly after the line: what is still to be typed; empty for nothing.</summary>
    string Hint(string line);
}
