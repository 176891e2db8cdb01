namespace Bixbite.Lua.Running;

/// <summary>
/// Writes calls of the libraries of Lua, mostly with arguments that fit: strings and their patterns and formats, tables, numbers.
/// No call makes more than a few bytes or steps, whatever its arguments are.
/// </summary>
/// <param name="random">Chooses.</param>
/// <param name="operand">Writes an expression of any type.</param>
internal sealed class RandomLibraryCall(Random random, Func<string> operand)
{
    private static readonly string[] s_texts =
        ["'hello world'", "'a1b22c333'", "'  x  '", "''", "'a,b,,c'", "'10'", "'0x1f'", "'1e2'", "'key=value'", "'(a(b)c)'",
        "[[two\nlines]]", "'\\0\\255z'"];

    private static readonly string[] s_patterns =
    [
        "'%a+'", "'%d'", "'.-'", "'(%w)(%d*)'", "'^%s*'", "'%s*$'", "','", "'[^,]*'", "'%b()'", "'()'", "'(.)%1'", "'l+'",
        "'%f[%w]%w+'", "'='",
        "'%'", "'(a'", "'[a'", "'%1'", "'a)'", "'.'", "'[%a-z]'", "'[]]'", "'$'", "'^'", "'x?y?'",
    ];

    private static readonly string[] s_replacements =
    [
        "'<%0>'", "'%1'", "''", "'%%'", "'%2'", "7", "{a = 'A', l = false, h = 1}", "function(x) return x and x .. '!' end",
        "function() end",
        "string.upper", "true", "'%'", "function(...) return select('#', ...) end", "function(x) return {} end",
    ];

    private static readonly string[] s_formats =
    [
        "%d", "%5d", "%-5d|", "%05d", "%+d", "%i", "%u", "%x", "%X", "%#x", "%o", "%c", "%e", "%.3e", "%f", "%.0f", "%10.2f",
        "%g", "%.3g", "%#g",
        "%G", "%s", "%10s", "%-10s|", "%.2s", "%q", "%%", "%.14g", "%.20f", "% d", "%5.1s", "%y", "%", "%123d", "%.123f", "%-+ #0d", "%ld",
    ];

    private static readonly string[] s_numbers =
    [
        "0", "1", "-1", "2", "3", "5", "-3", "0.5", "-0.5", "1e15", "1e14", "123456789012345", "2^53", "2^31", "-2^31", "1e100",
        "1/3", "1e-7",
        "3.0", "'3'", "0x10", "2.5e3", "1/0", "-1/0", "99999999999999", "1e300 * 1e10", "0.1", "100",
    ];

    public string Next() => random.Next(14) switch
    {
        0 or 1 => Search(),
        2 => $"string.format('{Pick(s_formats)}', {Number()})",
        3 => $"string.format('{Pick(s_formats)} {Pick(s_formats)}', {operand()}, {Text()})",
        4 => $"({Text()}):{Pick("upper", "lower", "len", "reverse", "byte")}()",
        5 => $"({Text()}):{Pick("sub", "byte")}({Index()}{Pick("", ", " + Index())})",
        6 => $"string.{Pick("sub", "byte")}({operand()}, {Index()})",
        7 => $"({Pick(s_texts)}):rep({Pick("0", "1", "3", "-1", "'2'", "1.9", "nil", "t")})",
        8 => Numbers(),
        9 => Mathematics(),
        10 => $"tostring({Pick(Pick(s_numbers), Pick(s_texts), "nil", "true")})",
        11 => Tables(),
        12 => $"{Pick("rawequal", "rawget", "assert", "pcall", "next", "getmetatable")}({operand()}, {operand()})",
        _ => $"select({Pick("1", "2", "-1", "'#'", "'2'", "0", "-5", "5", "nil")}, {operand()}, {operand()}, 'z')",
    };

    /// <summary>A statement that sorts by an order that may contradict itself, and shows what became of it.</summary>
    public string Sort()
    {
        string order = Pick("a < b", "a > b", "a <= b", "true", "false", "a % 3 < b % 3", "(a + #t) % 2 == 0", "nil", "b", operand());
        string list = string.Join(", ", Enumerable.Range(0, random.Next(12)).Select(_ => Pick("1", "2", "3", "5", "-1", "0.5",
            "8", Number())));
        string function = Pick("", $", function(a, b) enter() return {order} end", $", function(a, b) enter() return {order} end", ", nil");
        return $"do local s = {{{list}}} show(pcall(table.sort, s{function})) show(unpack(s, 1, 12)) end";
    }

    private string Search() => random.Next(6) switch
    {
        0 => $"({Text()}):find({Pick(s_patterns)}{Pick("", ", " + Index(), ", 1, true")})",
        1 => $"({Text()}):match({Pick(s_patterns)}{Pick("", ", " + Index())})",
        2 or 3 => $"({Text()}):gsub({Pick(s_patterns)}, {Pick(s_replacements)}{Pick("", ", " + Index())})",
        4 => $"string.find({operand()}, {Pick(s_patterns)})",
        _ => $"({Text()}):gmatch({Pick(s_patterns)})()",
    };

    private string Numbers() => random.Next(4) switch
    {
        0 => $"tonumber({Pick("' 12 '", "'0x'", "'1e'", "'.5'", "'5.'", "'1 2'", "'inf'", "'nan'", "''", "' '", "'-0x10'",
            "'1e+2'", Text(), operand())})",
        1 => $"tonumber({Pick("'ff'", "'777'", "'zz'", "'12'", "'1.5'", "10", "' 7 '", "'-11'")}, {Pick("16", "8", "36", "2",
            "10", "37", "1", "'16'")})",
        2 => $"string.char({Pick("65", "0", "255", "256", "-1", "'66'", "1.5", "nil")}, 66)",
        _ => $"{Number()} {Pick("+", "-", "*", "/", "%", "^", "..", "<", "==")} {Number()}",
    };

    private string Mathematics() => random.Next(5) switch
    {
        0 => $"math.{Pick("floor", "ceil", "abs", "sqrt", "modf", "frexp")}({Number()})",
        1 => $"math.{Pick("max", "min")}({Number()}, {Number()}, {Pick(Number(), operand())})",
        2 => $"math.{Pick("fmod", "pow", "ldexp")}({Pick("7", "-7", "5.5", "2")}, {Pick("3", "-3", "2", "0.5", "'2'")})",
        3 => $"math.{Pick("floor", "max", "sqrt")}({operand()})",
        _ => $"{Pick("math.huge", "-math.huge", "math.pi > 3", "math.floor(math.pi * 1e5)")}",
    };

    private string Tables() => random.Next(8) switch
    {
        0 => $"table.insert({Pick("t", "u", "{}", operand())}, {operand()})",
        1 => $"table.insert({Pick("t", "{1, 2, 3}")}, {Pick("1", "2", "4", "'1'", "nil", "0")}, {operand()})",
        2 => $"table.remove({Pick("t", "{1, 2, 3}", "{}", "u")}{Pick("", ", 1", ", 2", ", 9", ", '1'", ", 0")})",
        3 => $"table.concat({Pick("t", "{1, 2, 3}", "{'a', {}, 'b'}", "{}")}{Pick("", ", ','", ", 5", ", ',', 2", ", ',', 2, 3",
            ", ',', 1, 9")})",
        4 => $"table.{Pick("maxn", "getn")}({Pick("t", "{1, nil, 3, [7.5] = 1}", "{}", operand())})",
        5 => $"unpack({Pick("t", "{1, nil, 3}", operand())}{Pick("", ", 2", ", 1, 4", ", 3, 1", ", -1, 1")})",
        6 => $"#{Pick("t", "u", "{1, 2, nil, 4}", "{n = 1}", "'abc'", "{nil, nil, 3}")}",
        _ => $"rawset({Pick("t", "u", "{}")}, {Pick("'x'", "1", "nil", "0/0", "2.5", "true")}, {operand()})",
    };

    private string Text() => random.Next(4) == 0 ? operand() : Pick(s_texts);

    private string Number() => random.Next(8) == 0 ? operand() : Pick(s_numbers);

    private string Index() => Pick("1", "2", "-1", "-2", "0", "3", "5", "'2'", "100", "-100", "1.5", "nil");

    private string Pick(params ReadOnlySpan<string> choices) => choices[random.Next(choices.Length)];
}
