namespace Bixbite.Crash.Chaos;

/// <summary>What may happen while a primary gives its place to a replica, the target.</summary>
internal enum HandoverFault
{
    None,

    /// <summary>The connections to the target end.</summary>
    TargetBroken,

    /// <summary>The target cannot be reached.</summary>
    TargetCut,

    /// <summary>Nothing goes through to the target any more, and nobody is told.</summary>
    TargetStopped,

    /// <summary>The target loses its primary.</summary>
    LinkCut,

    /// <summary>Nothing comes to the target from its primary.</summary>
    LinkStopped,

    /// <summary>The target stands still.</summary>
    TargetFrozen,

    TargetKilled,

    PrimaryKilled,
}

/// <summary>How they come and go.</summary>
internal static class HandoverFaults
{
    public static void Begin(this HandoverFault fault, Node primary, Node target)
    {
        switch (fault)
        {
            case HandoverFault.TargetBroken:
                target.Entry.Break();
                break;
            case HandoverFault.TargetCut:
                target.Entry.Cut();
                break;
            case HandoverFault.TargetStopped:
                target.Entry.Stop();
                break;
            case HandoverFault.LinkCut:
                target.Link.Cut();
                break;
            case HandoverFault.LinkStopped:
                target.Link.Stop();
                break;
            case HandoverFault.TargetFrozen:
                target.Freeze();
                break;
            case HandoverFault.TargetKilled:
                target.Kill();
                break;
            case HandoverFault.PrimaryKilled:
                primary.Kill();
                break;
        }
    }

    /// <summary>Whoever is not dead goes on.</summary>
    public static void End(this HandoverFault fault, Node target)
    {
        target.Entry.Heal();
        target.Link.Heal();
        if (fault == HandoverFault.TargetFrozen)
        {
            target.Thaw();
        }
    }
}
