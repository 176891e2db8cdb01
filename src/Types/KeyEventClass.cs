namespace Bixbite.Types;

/// <summary>The classes of key events, with the letters that notify-keyspace-events uses for them, and the bits of that setting.</summary>
[Flags]
public enum KeyEventClass
{
    None = 0,
    Generic = 1 << 2,       // g
    String = 1 << 3,        // $
    List = 1 << 4,          // l
    Set = 1 << 5,           // s
    Hash = 1 << 6,          // h
    SortedSet = 1 << 7,     // z
    Expired = 1 << 8,       // x
    Evicted = 1 << 9,       // e
    Stream = 1 << 10,       // t

    /// <summary>Of types that Redis does not have.</summary>
    Module = 1 << 13,       // d
}
