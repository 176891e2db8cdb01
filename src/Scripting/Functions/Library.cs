using Bixbite.Lua.Values;
using Bixbite.Structures.Text;

namespace Bixbite.Scripting.Functions;

/// <summary>A library of functions: its source, which never changes, and what it has registered, in that order.</summary>
public sealed class Library
{
    /// <summary>Bytes beside names and source, estimated.</summary>
    private const long SizeBase = 300;

    private readonly byte[] _source;
    private readonly List<LibraryFunction> _functions = [];
    private readonly HashSet<byte[]> _names = new(BytesComparer.Instance);

    internal Library(byte[] name, byte[] source, LuaTable callbacks)
    {
        Name = name;
        _source = source;
        Callbacks = callbacks;
        Bytes = SizeBase + name.Length + source.Length;
    }

    /// <summary>Letters, digits and underscores; their case counts.</summary>
    internal byte[] Name { get; }

    /// <summary>The text that FUNCTION LOAD was given.</summary>
    public ReadOnlyMemory<byte> Source => _source;

    public ReadOnlySpan<byte> NameText => Name;

    public IReadOnlyList<LibraryFunction> Functions => _functions;

    /// <summary>Bytes of the names and the source; what it holds in the machine is counted there.</summary>
    internal long Bytes { get; private set; }

    /// <summary>Its functions, which its machine counts as reachable.</summary>
    internal LuaTable Callbacks { get; }

    /// <summary>Whether bytes are the name of a library or of a function.</summary>
    internal static bool IsName(ReadOnlySpan<byte> name)
    {
        foreach (byte letter in name)
        {
            bool isWord = Ascii.IsDigit(letter) || letter == '_' || Ascii.ToLower(letter) is >= (byte)'a' and <= (byte)'z';
            if (!isWord)
            {
                return false;
            }
        }
        return name.Length > 0;
    }

    /// <summary>Adds a function; false if the library has one of that name.</summary>
    internal bool TryAdd(LibraryFunction function)
    {
        if (!_names.Add(function.NameText.ToArray()))
        {
            return false;
        }
        _functions.Add(function);
        Callbacks.Set(_functions.Count, function.Callback);
        Bytes += function.Bytes;
        return true;
    }
}
