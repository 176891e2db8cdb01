using Bixbite.Lua.Running;
using Bixbite.Lua.Text.Patterns;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Libraries;

/// <summary>The state of <c>string.gmatch</c>: where the next match is looked for.</summary>
internal sealed class MatchIterator(PatternFunctions functions, LuaString text, LuaString pattern)
{
    private int _from;

    public HostStep Next(in HostCall call)
    {
        Pattern compiled = functions.Compiled(pattern);
        return functions.TakeSearch().Begin(call, SearchKind.Iterate, text, compiled, _from, this);
    }

    /// <summary>After a match; an empty one is not found again.</summary>
    public void GoOnAfter(int start, int end) => _from = end == start ? end + 1 : end;
}
