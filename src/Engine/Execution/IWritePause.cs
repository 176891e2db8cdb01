using Bixbite.Engine.Lifecycle;

namespace Bixbite.Engine.Execution;

/// <summary>Whether nobody may change the keyspace now. Where it is so, <see cref="Concern.Pause"/> is raised.</summary>
public interface IWritePause
{
    /// <summary>The keyspace stays as it is.</summary>
    bool IsOn { get; }
}
