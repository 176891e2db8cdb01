namespace Bixbite;

/// <summary>The types of replies.</summary>
public enum BixbiteReplyKind
{
    /// <summary>There is nothing: a key that does not exist, a time that is over.</summary>
    Null,

    /// <summary>A text or bytes, a status such as <c>OK</c> included.</summary>
    String,

    /// <summary>A whole number of 64 bits.</summary>
    Integer,

    /// <summary>A number with a fraction, or an infinite one.</summary>
    Double,

    /// <summary>Yes or no.</summary>
    Boolean,

    /// <summary>A whole number of any size.</summary>
    BigInteger,

    /// <summary>An error as a part of an array, as a script may return it. An error as the whole reply is an exception.</summary>
    Error,

    /// <summary>Replies in an order.</summary>
    Array,

    /// <summary>Keys and values: <see cref="BixbiteReply.Items"/> has them in turn.</summary>
    Map,

    /// <summary>Replies in no order.</summary>
    Set,
}
