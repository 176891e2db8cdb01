namespace Bixbite.Types.Strings;

/// <summary>How a string value is stored. The numbers are stored in records.</summary>
public enum StringEncoding : byte
{
    /// <summary>An 8-byte signed integer: the text is its canonical decimal form.</summary>
    Integer = 0,

    /// <summary>The bytes follow the key inside the record.</summary>
    Inline = 1,

    /// <summary>The bytes have a heap block of their own; the record holds its address and the length.</summary>
    Block = 2,
}
