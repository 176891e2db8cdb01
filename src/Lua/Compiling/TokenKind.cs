namespace Bixbite.Lua.Compiling;

/// <summary>Kinds of tokens. Those of a single character are the character itself; the others follow.</summary>
internal enum TokenKind
{
    And = 257,
    Break,
    Do,
    Else,
    ElseIf,
    End,
    False,
    For,
    Function,
    If,
    In,
    Local,
    Nil,
    Not,
    Or,
    Repeat,
    Return,
    Then,
    True,
    Until,
    While,
    Concat,
    Dots,
    Equal,
    GreaterEqual,
    LessEqual,
    NotEqual,
    Number,
    Name,
    String,
    EndOfSource,
}

/// <summary>The spelling of tokens.</summary>
internal static class TokenText
{
    private static readonly string[] s_texts =
    [
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "if", "in", "local", "nil", "not", "or", "repeat",
        "return", "then", "true", "until", "while", "..", "...", "==", ">=", "<=", "~=", "<number>", "<name>", "<string>", "<eof>",
    ];

    private static readonly Dictionary<string, TokenKind> s_words =
        Enumerable.Range((int)TokenKind.And, TokenKind.While - TokenKind.And + 1)
            .ToDictionary(kind => s_texts[kind - (int)TokenKind.And], kind => (TokenKind)kind);

    private static readonly Dictionary<string, TokenKind>.AlternateLookup<ReadOnlySpan<char>> s_wordsByText =
        s_words.GetAlternateLookup<ReadOnlySpan<char>>();

    private const int WordLengthMax = 8;

    /// <summary>As messages show it.</summary>
    public static string Of(TokenKind kind) => kind switch
    {
        >= TokenKind.And => s_texts[kind - TokenKind.And],
        < (TokenKind)' ' or (TokenKind)127 => $"char({(int)kind})",
        _ => ((char)kind).ToString(),
    };

    /// <summary>The reserved word with this spelling, or a name.</summary>
    public static TokenKind WordOrName(ReadOnlySpan<byte> word)
    {
        if (word.Length > WordLengthMax)
        {
            return TokenKind.Name;
        }
        Span<char> text = stackalloc char[WordLengthMax];
        for (int i = 0; i < word.Length; i++)
        {
            text[i] = (char)word[i];
        }
        return s_wordsByText.TryGetValue(text[..word.Length], out TokenKind kind) ? kind : TokenKind.Name;
    }
}
