namespace Bixbite.Cluster.Document;

/// <summary>The number by which a change is told in bytes. A number is never used for something else.</summary>
public enum ChangeKind
{
    JoinNode = 1,
    RemoveNode = 2,
    UpdateAddress = 3,
    SetNodeFlags = 4,
    AssignSlots = 5,
    ReleaseSlots = 6,
    GiveSlots = 7,
    FollowShard = 8,
    LeadShard = 9,
    LeaveShard = 10,
    SetReplicasMin = 11,
    BeginMove = 12,
    EndMove = 13,
    RaiseEpoch = 14,
}
