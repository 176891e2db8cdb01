using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>The body of a host function: reads the call's arguments and ends with one of the call's steps.</summary>
public delegate HostStep HostBody(in HostCall call);

/// <summary>A function of the host that scripts can call.</summary>
public sealed class HostFunction(string name, HostBody body) : LuaFunction
{
    public const long OwnBytes = 120;

    public string Name { get; } = name;

    /// <summary>An object that counts as reachable with it.</summary>
    public LuaObject? Held { get; init; }

    internal HostBody Body { get; } = body;

    /// <summary>A call that the machine makes by itself; the body is asked only where there is something to refuse.</summary>
    internal HostKind Kind { get; init; }

    /// <summary>A protected call goes on here.</summary>
    internal HostTask? Then { get; init; }

    public override string ToString() => Name;
}

/// <summary>How a step of a host function ended; made by the methods of <see cref="HostCall"/>.</summary>
public enum HostStep
{
    Return,
    Fail,
    Call,
    Pause,
}

/// <summary>The functions that the machine knows.</summary>
internal enum HostKind : byte
{
    Plain,
    Yield,
    Resume,

    /// <summary>A function of <c>coroutine.wrap</c>, which resumes the thread that it holds.</summary>
    Wrapped,

    /// <summary>Calls its first argument with the others, as <c>pcall</c> does.</summary>
    Protected,
}

/// <summary>
/// A host function that called a function or paused goes on here. It holds what the function needs, is made by it, and is dropped
/// without notice where an error passes it.
/// </summary>
public abstract class HostTask
{
    /// <summary>Goes on. The call's arguments are the results of what was called; none after a pause.</summary>
    public abstract HostStep Resume(in HostCall call);

    /// <summary>Objects that must count as reachable while it waits.</summary>
    public virtual ReadOnlySpan<LuaValue> Held => [];

    /// <summary>Bytes of what it holds besides, which were counted when they were allocated.</summary>
    public virtual long HeldBytes => 0;
}
