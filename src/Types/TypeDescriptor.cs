namespace Bixbite.Types;

/// <summary>
/// A value type to those who are not the type itself. What a string is, the record knows, so that its descriptor has no more than this; all
/// other types are a <see cref="CollectionType"/>. docs/VALUE_TYPES.md tells which parts a type has and where they are.
/// </summary>
public abstract class TypeDescriptor
{
    /// <summary>The number in records.</summary>
    public abstract KeyType Type { get; }

    /// <summary>The name in the reply of TYPE and in SCAN's TYPE option.</summary>
    public abstract ReadOnlySpan<byte> Name { get; }

    /// <summary>The class of the key events that its commands cause.</summary>
    public abstract KeyEventClass EventClass { get; }

    /// <summary>The number that stands for the type in DEBUG DIGEST: Redis' own, where Redis has the type.</summary>
    public virtual int DigestNumber => (int)Type;
}
