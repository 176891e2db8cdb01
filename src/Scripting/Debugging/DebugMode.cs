namespace Bixbite.Scripting.Debugging;

/// <summary>The wish of a client to debug its scripts (SCRIPT DEBUG), and the run that it debugs now.</summary>
/// <param name="isSync">What its scripts change stays, and all others wait; otherwise nothing stays, and nobody waits.</param>
internal sealed class DebugMode(bool isSync)
{
    public bool IsSync => isSync;

    /// <summary>The run that is debugged; null before EVAL.</summary>
    public DebugSession? Session { get; set; }

    /// <summary>The run goes on aside, by slices of its own.</summary>
    public DebugRun? Run { get; set; }
}
