namespace Bixbite.Types.Lists;

/// <summary>An end of a list. The left one has the index 0.</summary>
public enum ListEnd : byte
{
    Left,
    Right,
}
