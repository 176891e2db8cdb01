using Bixbite.Engine.Execution;
using Bixbite.Lua.Values;

namespace Bixbite.Scripting.Running;

/// <summary>
/// The commands that scripts have called last, by the very string that named them. A name in a script's source is one object however often
/// it is used, so a command is found again by one comparison. Containers are not kept: what they lead to depends on another argument.
/// </summary>
internal sealed class KnownCommands
{
    private const int SlotCount = 32;

    private readonly (LuaString? Name, Command? Command)[] _slots = new (LuaString?, Command?)[SlotCount];

    /// <summary>The command of a name, or null.</summary>
    public Command? Find(LuaString name)
    {
        ref readonly (LuaString? Name, Command? Command) slot = ref _slots[SlotOf(name)];
        return ReferenceEquals(slot.Name, name) ? slot.Command : null;
    }

    /// <summary>A command was found by this name.</summary>
    public void Keep(LuaString name, Command command)
    {
        if (command is { IsContainer: false, IsSubcommand: false })
        {
            _slots[SlotOf(name)] = (name, command);
        }
    }

    private static int SlotOf(LuaString name) => name.GetHashCode() & (SlotCount - 1);
}
