using Bixbite.Structures.Text;

namespace Bixbite.Types;

/// <summary>What a key holds. The numbers are stored in records; new types are added at the end.</summary>
public enum KeyType : byte
{
    String = 0,
    List = 1,
    Set = 2,
    SortedSet = 3,
    Hash = 4,
    Stream = 5,
}

public static class KeyTypes
{
    /// <summary>The name that the TYPE command and SCAN's TYPE option use.</summary>
    public static ReadOnlySpan<byte> NameOf(KeyType type) => type switch
    {
        KeyType.String => "string"u8,
        KeyType.List => "list"u8,
        KeyType.Set => "set"u8,
        KeyType.SortedSet => "zset"u8,
        KeyType.Hash => "hash"u8,
        _ => "stream"u8,
    };

    /// <summary>The type of this name, in any letter case.</summary>
    public static bool TryParse(ReadOnlySpan<byte> name, out KeyType type)
    {
        for (type = KeyType.String; type <= KeyType.Stream; type++)
        {
            if (Ascii.EqualsIgnoreCase(name, NameOf(type)))
            {
                return true;
            }
        }
        return false;
    }
}
