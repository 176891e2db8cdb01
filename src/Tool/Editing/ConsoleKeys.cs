namespace Bixbite.Tool.Editing;

/// <summary>The keyboard of the process' terminal. While a line is edited, Ctrl-C is a key as any other.</summary>
internal sealed class ConsoleKeys : IKeys
{
    public bool IsPressed => Console.KeyAvailable;

    public ConsoleKeyInfo? Read()
    {
        Console.TreatControlCAsInput = true;
        try
        {
            return Console.ReadKey(intercept: true);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }
}
