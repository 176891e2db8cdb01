namespace Bixbite.Cluster.Document;

/// <summary>How far a move of slots is. The numbers are part of the document's bytes.</summary>
public enum MoveState
{
    Running = 0,
    Succeeded = 1,
    Failed = 2,
    Cancelled = 3,
}
