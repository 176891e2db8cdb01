namespace Bixbite.Tool;

/// <summary>The tool cannot do what was asked for. The message is shown as it is: what was wrong, and what to do about it.</summary>
internal sealed class ToolException(string message, int exitCode = ToolException.Failed) : Exception(message)
{
    /// <summary>The exit code where something went wrong.</summary>
    public const int Failed = 1;

    /// <summary>The exit code where the command line is wrong.</summary>
    public const int Misused = 2;

    public int ExitCode => exitCode;
}
