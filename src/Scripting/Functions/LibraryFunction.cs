using Bixbite.Lua.Values;
using Bixbite.Scripting.Scripts;

namespace Bixbite.Scripting.Functions;

/// <summary>A function of a library, as it was registered.</summary>
public sealed class LibraryFunction
{
    /// <summary>Bytes beside its texts, estimated.</summary>
    private const long SizeBase = 150;

    internal LibraryFunction(Library library, LuaString name, LuaFunction callback)
    {
        Library = library;
        Name = name;
        Callback = callback;
    }

    /// <summary>FCALL finds it in any letter case.</summary>
    public ReadOnlySpan<byte> NameText => Name.Span;

    public ScriptFlags Flags { get; internal init; }

    public bool HasDescription => Description is not null;

    /// <summary>Its author's words.</summary>
    public ReadOnlySpan<byte> DescriptionText => Description is null ? default : Description.Span;

    internal LuaString? Description { get; init; }

    internal Library Library { get; }

    internal LuaString Name { get; }

    internal LuaFunction Callback { get; }

    internal long Bytes => SizeBase + (2 * Name.Length) + (Description?.Length ?? 0);
}
