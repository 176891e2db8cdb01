namespace Bixbite.Types;

/// <summary>
/// The number of a value type, which stands in the record of every key and never leaves the process. A type of another assembly has one of
/// its own choice that no other has; what a type can do, its <see cref="TypeDescriptor"/> knows.
/// </summary>
public enum KeyType : byte
{
    String = 0,
    List = 1,
    Set = 2,
    SortedSet = 3,
    Hash = 4,
    Stream = 5,
}
