using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Bixbite.Persistence.Rdb;
using Bixbite.Persistence.Values.Hashes;
using Bixbite.Persistence.Values.Lists;
using Bixbite.Persistence.Values.Sets;
using Bixbite.Persistence.Values.SortedSets;
using Bixbite.Persistence.Values.Streams;
using Bixbite.Persistence.Values.Strings;
using Bixbite.Types;

namespace Bixbite.Persistence.Values;

/// <summary>
/// The value types of a server, each with its codec: a new one is one line in <see cref="BuiltIn"/> beside that in
/// <see cref="ValueTypes.BuiltIn"/>.
/// </summary>
public sealed class ValueCodecs
{
    private const int NumberCount = byte.MaxValue + 1;

    private readonly ValueCodec?[] _byType = new ValueCodec?[NumberCount];
    private readonly ValueCodec?[] _byRdbType = new ValueCodec?[NumberCount];

    private ValueCodecs(ValueTypes types, IEnumerable<ValueCodec> codecs)
    {
        Types = types;
        foreach (ValueCodec codec in codecs)
        {
            Claim(_byType, (int)codec.Type, codec);
            foreach (RdbType number in codec.RdbTypes)
            {
                Claim(_byRdbType, (int)number, codec);
            }
        }
    }

    /// <summary>The types of Redis.</summary>
    public static ValueCodecs BuiltIn { get; } = new(
        ValueTypes.BuiltIn,
        [
            new StringCodec(),
            new ListCodec(),
            new SetCodec(),
            new SortedSetCodec(),
            new HashCodec(),
            new StreamCodec(),
        ]);

    /// <summary>The types that values may have.</summary>
    public ValueTypes Types { get; }

    internal ValueCodec this[KeyType type] => _byType[(int)type] ?? throw new UnreachableException($"{type} has no codec");

    /// <summary>These types and another one.</summary>
    internal ValueCodecs With(TypeDescriptor type, ValueCodec codec)
    {
        Debug.Assert(type.Type == codec.Type, "The codec is the type's.");
        return new ValueCodecs(Types.With(type), _byType.OfType<ValueCodec>().Append(codec));
    }

    /// <summary>Whose number this is; false where it is none of those that are read.</summary>
    internal bool TryFind(RdbType type, [NotNullWhen(true)] out ValueCodec? codec)
    {
        codec = _byRdbType[(int)type];
        return codec is not null;
    }

    private static void Claim(ValueCodec?[] table, int number, ValueCodec codec)
    {
        if (table[number] is { } other)
        {
            throw new ArgumentException($"{codec} and {other} claim the number {number}", nameof(codec));
        }
        table[number] = codec;
    }
}
