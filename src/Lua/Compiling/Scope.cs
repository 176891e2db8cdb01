namespace Bixbite.Lua.Compiling;

/// <summary>A block of a function: its locals begin after those of the enclosing one.</summary>
internal sealed class Scope(Scope? outer, int firstLocal, bool isLoop)
{
    public Scope? Outer { get; } = outer;

    /// <summary>How many locals are visible outside of it.</summary>
    public int FirstLocal { get; } = firstLocal;

    /// <summary>A break ends it.</summary>
    public bool IsLoop { get; } = isLoop;

    /// <summary>A closure holds one of its locals.</summary>
    public bool HasUpvalue { get; set; }

    public JumpList Breaks { get; set; } = JumpList.None;
}
