namespace Bixbite;

/// <summary>
/// Something that a server was asked for cannot be: it does not start, a command answers an error, or the server has stopped meanwhile. The
/// message is a sentence for people.
/// </summary>
public sealed class BixbiteException : Exception
{
    /// <summary>A failure.</summary>
    /// <param name="message">What is wrong, in a sentence.</param>
    /// <param name="innerException">The reason, if there is another one.</param>
    public BixbiteException(string message, Exception? innerException = null)
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
