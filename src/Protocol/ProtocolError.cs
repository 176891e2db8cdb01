namespace Bixbite.Protocol;

/// <summary>The ways in which a client's bytes can fail to be requests.</summary>
public enum ProtocolError : byte
{
    None,
    TooBigInlineRequest,
    UnbalancedQuotes,
    TooBigMultibulkCount,
    InvalidMultibulkLength,
    UnauthenticatedMultibulkLength,
    ExpectedDollar,
    TooBigBulkCount,
    InvalidBulkLength,
    UnauthenticatedBulkLength,
}
