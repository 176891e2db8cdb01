namespace Bixbite.Engine.Propagation;

/// <summary>Who keeps or forwards the requests that repeat every change: the append only log, and the stream to replicas.</summary>
public interface IPropagationSink
{
    /// <summary>Which requests it gets: those that go to one of these.</summary>
    public PropagationTargets Targets => PropagationTargets.Log;

    /// <summary>The position behind all that it was given; it only rises.</summary>
    public long End => 0;

    /// <summary>
    /// One request as an array of bulk strings, whole or its beginning, in the order of the changes; called under the execution lock. The
    /// log is told before replicas are. MULTI in front of the requests of a batch has the database of the first; EXEC behind them a
    /// negative one, which means any.
    /// </summary>
    /// <param name="database">In which it is to be repeated.</param>
    /// <param name="request">The bytes, which are valid during the call.</param>
    /// <param name="targets">All who are told of it.</param>
    public void Append(int database, ReadOnlySpan<byte> request, PropagationTargets targets);

    /// <summary>
    /// More of the request that <see cref="Append"/> has only begun: large arguments come from where they lie, and stay there until this
    /// returns.
    /// </summary>
    public void Continue(ReadOnlySpan<byte> bytes);
}
