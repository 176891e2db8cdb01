namespace Bixbite;

/// <summary>
/// Something that a server was asked for cannot be: it does not start, a command answers an error, or the server has stopped meanwhile. The
/// message is a sentence for people.
/// </summary>
public sealed class BixbiteException : Exception
{
    /// <summary>A failure of which nothing is known.</summary>
    public BixbiteException()
        : base("The server cannot do what it was asked for.")
    {
    }

    /// <summary>A failure.</summary>
    /// <param name="message">What is wrong, in a sentence.</param>
    public BixbiteException(string? message)
        : base(message)
    {
    }

    /// <summary>A failure with a reason.</summary>
    /// <param name="message">What is wrong, in a sentence.</param>
    /// <param name="innerException">The reason; null if there is no other one.</param>
    public BixbiteException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal BixbiteException(string message, string errorCode)
        : base(message) => ErrorCode = errorCode;

    /// <summary>
    /// The first word of the error that a command has answered, such as <c>ERR</c>, <c>WRONGTYPE</c> or <c>OOM</c>; null where the failure
    /// is no such answer.
    /// </summary>
    public string? ErrorCode { get; }
}
