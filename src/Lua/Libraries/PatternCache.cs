using Bixbite.Lua.Text.Patterns;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Libraries;

/// <summary>The patterns that were used last, compiled. A slot is found by the string's hash; what was there before is forgotten.</summary>
internal sealed class PatternCache(LuaMemory memory)
{
    private const int SlotCount = 64;

    /// <summary>Longer patterns are compiled anew each time, so that what is kept is small, in bytes.</summary>
    private const int SizeMax = 256;

    private readonly (LuaString? Source, Pattern? Pattern)[] _slots = new (LuaString?, Pattern?)[SlotCount];

    /// <summary>The bytes of a pattern that is not kept here.</summary>
    public static long BytesOf(Pattern pattern) => pattern.Source.Length > SizeMax ? pattern.HeldBytes : 0;

    /// <summary>Where a pattern may not anchor, <c>^</c> stands for itself.</summary>
    public Pattern Get(LuaString source, bool mayAnchor = true)
    {
        bool isCapped = !mayAnchor && source.Span is [(byte)'^', ..];
        if (source.Length > SizeMax || isCapped)
        {
            memory.Add(Pattern.SizeOf(source.Span));
            return Pattern.Compile(source.Span, mayAnchor);
        }
        ref (LuaString? Source, Pattern? Pattern) slot = ref _slots[source.GetHashCode() & (SlotCount - 1)];
        if (slot.Pattern is null || !source.Equals(slot.Source))
        {
            slot = (source, Pattern.Compile(source.Span));
        }
        return slot.Pattern;
    }
}
