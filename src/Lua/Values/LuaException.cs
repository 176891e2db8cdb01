namespace Bixbite.Lua.Values;

/// <summary>An error of a script, with its value; code below the machine throws it, and the machine catches it.</summary>
public sealed class LuaException : Exception
{
    private static readonly LuaString s_notEnoughMemory = LuaString.Of("not enough memory");

    public LuaException()
        : this(LuaValue.Nil)
    {
    }

    public LuaException(string message)
        : this(LuaString.Of(message))
    {
    }

    public LuaException(string message, Exception innerException)
        : base(message, innerException)
    {
        Value = LuaString.Of(message);
    }

    public LuaException(LuaValue value)
        : base(value.ToString())
    {
        Value = value;
    }

    /// <summary>The value that <c>pcall</c> returns.</summary>
    public LuaValue Value { get; }

    /// <summary>A message that is given the position of the running function when the machine catches it.</summary>
    public bool NeedsPosition { get; init; }

    public static LuaException NotEnoughMemory() => new(s_notEnoughMemory);

    /// <summary>Whether an error says that memory ran out; no handler is asked about it.</summary>
    public static bool IsNotEnoughMemory(LuaValue error) => ReferenceEquals(error.Object, s_notEnoughMemory);

    /// <summary>An error of the running Lua function: its position goes before the message.</summary>
    public static LuaException At(string message) => new(message) { NeedsPosition = true };
}
