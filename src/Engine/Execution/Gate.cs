using Bixbite.Engine.Commands;
using Bixbite.Engine.Lifecycle;

namespace Bixbite.Engine.Execution;

/// <summary>
/// One reason why a request may not run now. A gate is asked only about requests for which its concern is raised: for all clients
/// (<see cref="RaisedConcerns"/>), for the session, or by a flag of the command. A raised concern says that the gate may matter; the gate
/// says whether it does.
/// </summary>
public abstract class Gate(Concern concern)
{
    /// <summary>One bit, which no other gate has.</summary>
    public Concern Concern { get; } = concern;

    /// <summary>Commands with one of these flags raise the concern, whoever sends them.</summary>
    public virtual CommandFlags RaisedBy => CommandFlags.None;

    /// <summary>Lets the request pass; or answers why it may not run; or has it wait, and resumes its session later.</summary>
    /// <param name="context">The request; its command is resolved.</param>
    /// <param name="flags">The command's flags; of EXEC also those of the commands that it will run.</param>
    public abstract Verdict Ask(CommandContext context, CommandFlags flags);

    public override string ToString() => Concern.ToString();
}

/// <summary>The decision of the gates on a request.</summary>
public enum Verdict
{
    Admitted,

    /// <summary>An error was answered.</summary>
    Refused,

    /// <summary>It must be presented again; nothing was answered.</summary>
    Postponed,

    /// <summary>The same as refused, but the error tells the client where to turn: EXEC answers it as it is.</summary>
    Redirected,
}
