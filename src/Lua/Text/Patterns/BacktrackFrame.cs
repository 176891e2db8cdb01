namespace Bixbite.Lua.Text.Patterns;

/// <summary>The ways to go on from a frame.</summary>
internal enum BacktrackKind
{
    /// <summary>It goes on with the item at the place.</summary>
    Retry,

    /// <summary>Its repetition gives up its last byte; the place is the end of what it holds.</summary>
    Shrink,

    /// <summary>Its lazy repetition takes one more byte.</summary>
    Grow,

    /// <summary>The last capture has not been opened.</summary>
    UndoOpen,

    /// <summary>The capture whose number is the item has not been closed.</summary>
    UndoClose,
}

/// <summary>A place in a search to return to when what follows does not match.</summary>
internal readonly record struct BacktrackFrame(BacktrackKind Kind, int Item, int At, int Least)
{
    public const int Size = 16;
}
