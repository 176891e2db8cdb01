namespace Bixbite.Lua.Extensions;

/// <summary>The tokens of JSON.</summary>
internal enum JsonToken
{
    ObjectBegin,
    ObjectEnd,
    ArrayBegin,
    ArrayEnd,
    Text,
    Number,
    True,
    False,
    Null,
    Colon,
    Comma,
    End,

    /// <summary>No token; the scanner knows why.</summary>
    Error,
}

/// <summary>The names that error messages have for tokens.</summary>
internal static class JsonTokens
{
    public static string NameOf(JsonToken token) => token switch
    {
        JsonToken.ObjectBegin => "T_OBJ_BEGIN",
        JsonToken.ObjectEnd => "T_OBJ_END",
        JsonToken.ArrayBegin => "T_ARR_BEGIN",
        JsonToken.ArrayEnd => "T_ARR_END",
        JsonToken.Text => "T_STRING",
        JsonToken.Number => "T_NUMBER",
        JsonToken.True or JsonToken.False => "T_BOOLEAN",
        JsonToken.Null => "T_NULL",
        JsonToken.Colon => "T_COLON",
        JsonToken.Comma => "T_COMMA",
        JsonToken.End => "T_END",
        _ => "T_ERROR",
    };
}
