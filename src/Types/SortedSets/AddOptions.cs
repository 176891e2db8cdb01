namespace Bixbite.Types.SortedSets;

/// <summary>Under which conditions a member gets a score, and whether the score is added to the one it has.</summary>
[Flags]
public enum AddOptions
{
    None = 0,

    /// <summary>NX: only members that are not there.</summary>
    OnlyMissing = 1,

    /// <summary>XX: only members that are there.</summary>
    OnlyPresent = 2,

    /// <summary>GT: a member that is there gets a greater score only.</summary>
    OnlyGreater = 4,

    /// <summary>LT: a member that is there gets a smaller score only.</summary>
    OnlyLess = 8,

    /// <summary>INCR: the score is added to the present one, or to 0.</summary>
    Increment = 16,
}

/// <summary>The outcome of adding a member.</summary>
public enum AddOutcome
{
    /// <summary>The options did not allow it.</summary>
    Refused,

    /// <summary>The member had this score already.</summary>
    Unchanged,

    Added,

    Updated,

    /// <summary>Infinities of both signs were added up; nothing has changed.</summary>
    NotANumber,
}
