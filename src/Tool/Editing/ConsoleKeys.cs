namespace Bixbite.Tool.Editing;

/// <summary>The keyboard of the process' terminal. While a line is edited, Ctrl-C is a key as any other.</summary>
internal sealed class ConsoleKeys : IKeys
{
    public bool IsPressed => Console.KeyAvailable;

    public void Begin() => Console.TreatControlCAsInput = true;

    public void End() => Console.TreatControlCAsInput = false;

    public ConsoleKeyInfo? Read()
    {
        try
        {
            return Console.ReadKey(intercept: true);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
