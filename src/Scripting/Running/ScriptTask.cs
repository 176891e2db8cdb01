using Bixbite.Engine.Requests;
using Bixbite.Lua.Values;
using Bixbite.Protocol;
using Bixbite.Scripting.Scripts;

namespace Bixbite.Scripting.Running;

/// <summary>Which commands stop it, and how it gets its arguments.</summary>
internal enum ScriptKind
{
    /// <summary>Of EVAL: KEYS and ARGV are globals.</summary>
    Script,

    /// <summary>Of FCALL: keys and other arguments are its two parameters.</summary>
    Function,
}

/// <summary>Something to run for a client.</summary>
/// <param name="Machine">Where.</param>
/// <param name="Function">What.</param>
/// <param name="Name">How errors call it: the SHA1 of a script, the name of a function.</param>
internal sealed record ScriptTask(ScriptMachine Machine, LuaFunction Function, LuaString Name)
{
    public ScriptKind Kind { get; init; }

    /// <summary>Its flags, as its source has them.</summary>
    public ScriptFlags Flags { get; init; } = ScriptFlags.Undeclared;

    /// <summary>The command allows no writes.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Where the keys begin among the command's arguments.</summary>
    public int FirstKey { get; init; }

    /// <summary>Arguments that are keys; the others follow.</summary>
    public int KeyCount { get; init; }

    /// <summary>Watches the run; null nearly always.</summary>
    public IRunWatch? Watch { get; init; }

    public ScriptPermissions Permissions =>
        (IsReadOnly || Flags.HasFlag(ScriptFlags.NoWrites) ? ScriptPermissions.ReadOnly : ScriptPermissions.None)
        | (Flags.HasFlag(ScriptFlags.AllowOom) ? ScriptPermissions.ExceedsMemory : ScriptPermissions.None)
        | ((Flags & (ScriptFlags.AllowCrossSlotKeys | ScriptFlags.Undeclared)) != 0
            ? ScriptPermissions.CrossesSlots
            : ScriptPermissions.None);

    /// <summary>The answer to other clients while it takes long.</summary>
    public ReadOnlySpan<byte> BusyError => Kind == ScriptKind.Function ? ErrorText.BusyFunction : ErrorText.BusyScript;

    /// <summary>The command that stops it.</summary>
    public string KillCommand => Kind == ScriptKind.Function ? "FUNCTION KILL" : "SCRIPT KILL";
}
