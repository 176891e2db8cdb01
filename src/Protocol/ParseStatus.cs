namespace Bixbite.Protocol;

/// <summary>Why a call of the parser came to its end.</summary>
public enum ParseStatus : byte
{
    /// <summary>All bytes were consumed; no request is pending.</summary>
    Done,

    /// <summary>The last request is not whole yet.</summary>
    NeedMore,

    /// <summary>As many requests as allowed were added; there are more bytes.</summary>
    LimitReached,

    /// <summary>The stream cannot be understood from here on: answer the error, then close.</summary>
    ProtocolError,
}
