using System.Buffers;

namespace Bixbite.AccessControl.Rules;

/// <summary>The names that users and patterns may have: rules stand between blanks, and nothing escapes one.</summary>
public static class UserNames
{
    /// <summary>The user of those who have not said who they are.</summary>
    public static ReadOnlySpan<byte> Default => "default"u8;

    private static readonly SearchValues<byte> s_blanks = SearchValues.Create(" \t\n\v\f\r\0"u8);

    /// <summary>White space or a NUL is in the text.</summary>
    public static bool HasBlank(ReadOnlySpan<byte> text) => text.ContainsAny(s_blanks);
}
