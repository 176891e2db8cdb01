namespace Bixbite.Engine.Execution;

/// <summary>
/// The right to touch the data. A loop takes it for the requests of one round and gives it back; with a single loop nobody competes
/// and taking it is free.
/// </summary>
public sealed class Turn(bool isShared)
{
    private readonly Lock _lock = new();

    public void Take()
    {
        if (isShared)
        {
            _lock.Enter();
        }
    }

    public void GiveBack()
    {
        if (isShared)
        {
            _lock.Exit();
        }
    }
}
