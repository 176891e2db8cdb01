namespace Bixbite.Engine.Propagation;

/// <summary>Who keeps or forwards the requests that repeat every change: the append only log.</summary>
public interface IPropagationSink
{
    /// <summary>
    /// One whole request as an array of bulk strings, in the order of the changes; called with the turn. MULTI in front of the
    /// requests of a step has the database of the first; EXEC behind them a negative one, which means any.
    /// </summary>
    public void Append(int database, ReadOnlySpan<byte> request);
}
