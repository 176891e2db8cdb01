namespace Bixbite.Structures.Sketches;

/// <summary>The outcome of adding to a sketch.</summary>
public enum SketchChange : byte
{
    None,
    Changed,

    /// <summary>The bytes of the value contradict each other; nothing was added.</summary>
    Corrupt,
}
