using System.Text;
using Bixbite.Structures.Text;

namespace Bixbite.Scripting.Functions;

/// <summary>
/// Libraries by their names and functions by theirs. No two libraries have a function of the same name in any letter case; within one, the
/// first one is found.
/// </summary>
internal sealed class FunctionCatalog
{
    private static readonly Comparer<Library> s_byName = Comparer<Library>.Create(
        static (left, right) => left.NameText.SequenceCompareTo(right.NameText));

    private readonly Dictionary<byte[], Library> _libraries = new(BytesComparer.Instance);
    private readonly Dictionary<byte[], LibraryFunction> _functions = new(FunctionNameComparer.Instance);
    private readonly Dictionary<byte[], Library>.AlternateLookup<ReadOnlySpan<byte>> _librariesByText;
    private readonly Dictionary<byte[], LibraryFunction>.AlternateLookup<ReadOnlySpan<byte>> _functionsByText;

    public FunctionCatalog()
    {
        _librariesByText = _libraries.GetAlternateLookup<ReadOnlySpan<byte>>();
        _functionsByText = _functions.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public int LibraryCount => _libraries.Count;

    /// <summary>Functions of all libraries.</summary>
    public int FunctionCount { get; private set; }

    /// <summary>Bytes of names and sources.</summary>
    public long Bytes { get; private set; }

    /// <summary>In the order of their names.</summary>
    public IEnumerable<Library> Libraries => _libraries.Values.Order(s_byName);

    public Library? FindLibrary(ReadOnlySpan<byte> name) => _librariesByText.TryGetValue(name, out Library? library) ? library : null;

    /// <summary>The function of a name in any letter case.</summary>
    public LibraryFunction? Find(ReadOnlySpan<byte> name) =>
        _functionsByText.TryGetValue(name, out LibraryFunction? function) ? function : null;

    /// <summary>Why a library cannot be added, or null: a library that stays has one of its functions.</summary>
    public string? CollisionOf(Library library, Func<Library, bool> isLeaving)
    {
        foreach (LibraryFunction function in library.Functions)
        {
            if (Find(function.NameText) is { } other && other.Library != library && !isLeaving(other.Library))
            {
                return $"Function {Encoding.Latin1.GetString(function.NameText)} already exists";
            }
        }
        return null;
    }

    /// <summary>Adds a library that collides with nothing.</summary>
    public void Add(Library library)
    {
        _libraries.Add(library.Name, library);
        foreach (LibraryFunction function in library.Functions)
        {
            _functionsByText.TryAdd(function.NameText, function);
        }
        FunctionCount += library.Functions.Count;
        Bytes += library.Bytes;
    }

    public void Remove(Library library)
    {
        _libraries.Remove(library.Name);
        foreach (LibraryFunction function in library.Functions)
        {
            _functionsByText.Remove(function.NameText);
        }
        FunctionCount -= library.Functions.Count;
        Bytes -= library.Bytes;
    }
}
