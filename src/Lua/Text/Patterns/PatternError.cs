namespace Bixbite.Lua.Text.Patterns;

/// <summary>The errors of a pattern, found when matching reaches them.</summary>
public enum PatternError : byte
{
    None,
    EndsWithPercent,
    MissingBracket,
    MissingSetAfterFrontier,
    Unbalanced,
    TooManyCaptures,
    InvalidPatternCapture,
    InvalidCaptureIndex,
    UnfinishedCapture,
}

/// <summary>The errors as Lua 5.1 words them.</summary>
public static class PatternErrors
{
    public static string Text(PatternError error) => error switch
    {
        PatternError.EndsWithPercent => "malformed pattern (ends with '%')",
        PatternError.MissingBracket => "malformed pattern (missing ']')",
        PatternError.MissingSetAfterFrontier => "missing '[' after '%f' in pattern",
        PatternError.Unbalanced => "unbalanced pattern",
        PatternError.TooManyCaptures => "too many captures",
        PatternError.InvalidPatternCapture => "invalid pattern capture",
        PatternError.InvalidCaptureIndex => "invalid capture index",
        PatternError.UnfinishedCapture => "unfinished capture",
        _ => "",
    };
}
