namespace Bixbite.Tool.Editing;

/// <summary>The keys that a person presses.</summary>
internal interface IKeys
{
    /// <summary>One was pressed and not read yet.</summary>
    bool IsPressed { get; }

    /// <summary>The next one; null where no more can come.</summary>
    ConsoleKeyInfo? Read();
}
