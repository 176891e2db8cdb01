using Bixbite.Lua.Values;

namespace Bixbite.Lua.Compiling;

/// <summary>A token: a number's value, or the text of a name or string.</summary>
internal readonly record struct Token(TokenKind Kind, LuaString? Text = null, double Number = 0);
