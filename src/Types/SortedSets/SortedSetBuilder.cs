using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Bixbite.Types.SortedSets;

/// <summary>
/// A sorted set in the making: members come in any order, and their scores may still change, so only an index of them is kept; the order
/// is made once, at the end. What was built is read with <see cref="Sorted"/>, or given to a key with
/// <see cref="SortedSetValue.Take(SortedSetBuilder)"/>. Until then the builder owns it. It builds one set after the other.
/// </summary>
public sealed class SortedSetBuilder
{
    private const int InitialCapacity = 16;

    private static readonly Comparison<ulong> s_byMember =
        static (x, y) => SortedSetElement.MemberAt(x).SequenceCompareTo(SortedSetElement.MemberAt(y));

    private readonly ValueContext _context;
    private SortedSetRoot _set;
    private ulong[] _elements = [];
    private int _count;
    private int _memberSizeMax;

    public SortedSetBuilder(ValueContext context) => _context = context;

    public int Count => _count;

    /// <summary>Whether the result fits into a small set.</summary>
    internal bool IsSmall =>
        _count <= _context.Limits.SortedSetEntriesMax && _memberSizeMax <= _context.Limits.SortedSetValueSizeMax;

    /// <summary>Begins an empty set, which is given up at the end of the scope unless it was taken.</summary>
    public Scope Begin()
    {
        Debug.Assert(_elements.Length == 0, "The set before has been taken or given up.");
        _set = SortedSetRoot.Create(_context);
        _elements = ArrayPool<ulong>.Shared.Rent(InitialCapacity);
        return new Scope(this);
    }

    /// <summary>The score of a member, to be changed; a null reference if it is not there. Good until the next member is added.</summary>
    public ref double ScoreOf(ReadOnlySpan<byte> member)
    {
        ulong element = _set.ElementOf(member);
        return ref element == 0 ? ref Unsafe.NullRef<double>() : ref SortedSetElement.ScoreAt(element);
    }

    /// <summary>Adds a member that is not there.</summary>
    public void Add(ReadOnlySpan<byte> member, double score)
    {
        if (_count == _elements.Length)
        {
            ulong[] larger = ArrayPool<ulong>.Shared.Rent(_count * 2);
            _elements.CopyTo(larger, 0);
            ArrayPool<ulong>.Shared.Return(_elements);
            _elements = larger;
        }
        _elements[_count++] = _set.AddUnordered(member, score);
        _memberSizeMax = Math.Max(_memberSizeMax, member.Length);
    }

    /// <summary>Reads what was built, in its order.</summary>
    public BuiltReader Read() => new(Sorted());

    internal void GiveUp()
    {
        if (_elements.Length == 0)
        {
            return;
        }
        while (SortedSetRoot.ReleaseSome(_context, _set.Address, int.MaxValue))
        {
        }
        Forget();
    }

    /// <summary>The elements in their order.</summary>
    internal ReadOnlySpan<ulong> Sorted()
    {
        Span<ulong> elements = _elements.AsSpan(0, _count);
        double[] scores = ArrayPool<double>.Shared.Rent(_count);
        for (int i = 0; i < _count; i++)
        {
            scores[i] = SortedSetElement.ScoreAt(elements[i]);
        }
        scores.AsSpan(0, _count).Sort(elements);
        for (int start = 0, end; start < _count; start = end)
        {
            for (end = start + 1; end < _count && scores[end] == scores[start]; end++)
            {
            }
            elements[start..end].Sort(s_byMember);
        }
        ArrayPool<double>.Shared.Return(scores);
        return elements;
    }

    /// <summary>The whole set, which is the caller's from now on.</summary>
    internal ulong TakeRoot()
    {
        foreach (ulong element in Sorted())
        {
            _set.Tree.Append(element, weight: 1);
        }
        Forget();
        return _set.Address;
    }

    private void Forget()
    {
        ArrayPool<ulong>.Shared.Return(_elements);
        _elements = [];
        _count = 0;
        _memberSizeMax = 0;
    }

    /// <summary>How long a set is in the making.</summary>
    public readonly ref struct Scope(SortedSetBuilder builder)
    {
        public void Dispose() => builder.GiveUp();
    }
}

/// <summary>Reads the elements of a set in the making one after the other.</summary>
public ref struct BuiltReader
{
    private readonly ReadOnlySpan<ulong> _elements;
    private int _next;

    internal BuiltReader(ReadOnlySpan<ulong> elements) => _elements = elements;

    public readonly ReadOnlySpan<byte> Member => SortedSetElement.MemberAt(_elements[_next - 1]);

    public readonly double Score => SortedSetElement.ScoreAt(_elements[_next - 1]);

    public bool MoveNext()
    {
        Debug.Assert(_next <= _elements.Length, "Reading has ended.");
        return _next++ < _elements.Length;
    }
}
