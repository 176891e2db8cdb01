namespace Bixbite.Engine.Propagation;

/// <summary>Who keeps or forwards the requests that repeat every change: the append only log.</summary>
public interface IPropagationSink
{
    /// <summary>
    /// One whole request as an array of bulk strings, in the order of the changes; called with the turn. A negative database means any:
    /// MULTI and EXEC, which stand around the requests of a step when it has several.
    /// </summary>
    public void Append(int database, ReadOnlySpan<byte> request);
}
