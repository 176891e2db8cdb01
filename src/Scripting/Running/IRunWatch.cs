using Bixbite.Lua.Running;
using Bixbite.Protocol;

namespace Bixbite.Scripting.Running;

/// <summary>
/// Watches one run from within: it is told what the script calls and what comes back, and may have the run stand still between two lines.
/// </summary>
internal interface IRunWatch
{
    /// <summary>It wants to be told of commands, replies and errors now.</summary>
    public bool IsListening { get; }

    /// <summary>The run stands still.</summary>
    public bool IsStanding { get; }

    /// <summary>Nothing is to be done until the client says something.</summary>
    public bool IsResting { get; }

    /// <summary>The script calls a command.</summary>
    public void Called(ReadOnlySpan<Argument> arguments);

    /// <summary>The command has answered.</summary>
    public void Answered(ReadOnlySpan<byte> reply);

    /// <summary>A function of <c>redis</c> makes an error.</summary>
    public void Failed(ReadOnlySpan<byte> text);

    /// <summary>The run is to stand still at the next line (<c>redis.breakpoint</c>).</summary>
    public void Break();

    /// <summary>Values to be shown (<c>redis.debug</c>).</summary>
    public void Show(in HostCall call);

    /// <summary>Does what the client has asked for while the run stands still.</summary>
    /// <param name="isOverdue">The run has taken long since it last stood still.</param>
    /// <param name="isSliceOver">Tells when others are to have their turn.</param>
    /// <returns>True if the run may go on.</returns>
    public bool Proceed(bool isOverdue, Func<bool> isSliceOver);

    /// <summary>Somebody wants the run to end: it does not stand still any more.</summary>
    public void Detach();

    /// <summary>The run is over; the reply follows.</summary>
    public void Over();
}
