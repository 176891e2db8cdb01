using System.Diagnostics;
using Bixbite.Structures.Text;
using Bixbite.Types.Hashes;
using Bixbite.Types.Lists;
using Bixbite.Types.Sets;
using Bixbite.Types.SortedSets;
using Bixbite.Types.Streams;
using Bixbite.Types.Strings;

namespace Bixbite.Types;

/// <summary>The value types that a keyspace knows: a new one is one line in <see cref="BuiltIn"/>.</summary>
public sealed class ValueTypes
{
    private const int NumberCount = byte.MaxValue + 1;

    private readonly TypeDescriptor?[] _byNumber = new TypeDescriptor?[NumberCount];
    private readonly CollectionType?[] _collections = new CollectionType?[NumberCount];

    private ValueTypes(IEnumerable<TypeDescriptor> types)
    {
        foreach (TypeDescriptor type in types)
        {
            int number = (int)type.Type;
            if (_byNumber[number] is { } other)
            {
                throw new ArgumentException($"{type} and {other} have the same number", nameof(types));
            }
            _byNumber[number] = type;
            _collections[number] = type as CollectionType;
        }
        Debug.Assert(_byNumber[(int)KeyType.String] is not null, "There are always strings.");
    }

    /// <summary>The types of Redis.</summary>
    public static ValueTypes BuiltIn { get; } = new(
    [
        new StringType(),
        new ListType(),
        new SetType(),
        new SortedSetType(),
        new HashType(),
        new StreamType(),
    ]);

    /// <summary>The descriptor of the type with this number.</summary>
    public TypeDescriptor this[KeyType type] => _byNumber[(int)type] ?? throw Unknown(type);

    /// <summary>The same for what is no string.</summary>
    public CollectionType Collection(KeyType type) => _collections[(int)type] ?? throw Unknown(type);

    /// <summary>These types and another one.</summary>
    public ValueTypes With(TypeDescriptor type) => new(_byNumber.OfType<TypeDescriptor>().Append(type));

    /// <summary>The type of this name, in any letter case.</summary>
    public bool TryParse(ReadOnlySpan<byte> name, out KeyType type)
    {
        foreach (TypeDescriptor? known in _byNumber)
        {
            if (known is not null && Ascii.EqualsIgnoreCase(name, known.Name))
            {
                type = known.Type;
                return true;
            }
        }
        type = default;
        return false;
    }

    private static UnreachableException Unknown(KeyType type) => new($"{type} is no collection's type that is known here");
}
