namespace Bixbite.Tool.Cli;

/// <summary>Ctrl-C ends what is running, and not the process: its token is cancelled then.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly ConsoleCancelEventHandler _handler;

    private Interruption()
    {
        _handler = (_, pressed) =>
        {
            pressed.Cancel = true;
            _source.Cancel();
        };
        Console.CancelKeyPress += _handler;
    }

    public CancellationToken Token => _source.Token;

    public static Interruption OfProcess() => new();

    public void Dispose()
    {
        Console.CancelKeyPress -= _handler;
        _source.Dispose();
    }
}
