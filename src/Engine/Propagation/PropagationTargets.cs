namespace Bixbite.Engine.Propagation;

/// <summary>Who is told of a change; the numbers are those of <c>redis.set_repl</c>.</summary>
[Flags]
public enum PropagationTargets : byte
{
    None = 0,

    /// <summary>This server's append only log.</summary>
    Log = 1,

    /// <summary>The stream to replicas.</summary>
    Replicas = 2,

    All = Log | Replicas,
}
