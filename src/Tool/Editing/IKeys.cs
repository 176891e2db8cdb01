namespace Bixbite.Tool.Editing;

/// <summary>The keys that a person presses.</summary>
internal interface IKeys
{
    /// <summary>One was pressed and not read yet.</summary>
    bool IsPressed { get; }

    /// <summary>From now on until <see cref="End"/> every key is read here, also Ctrl-C.</summary>
    void Begin();

    /// <summary>From now on Ctrl-C interrupts what runs.</summary>
    void End();

    /// <summary>The next one; null where no more can come.</summary>
    ConsoleKeyInfo? Read();
}
