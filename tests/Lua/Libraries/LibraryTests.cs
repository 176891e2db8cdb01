using System.Text;

namespace Bixbite.Lua.Libraries;

/// <summary>Statements with which every function of the libraries is called, well and badly; the reference says what is right.</summary>
public sealed class LibraryTests
{
    public static TheoryData<string> Strings =>
    [
        "string.len('abc')", "('x'):len()", "#'a\\0b'", "string.len()", "string.len({})", "string.len(12)", "string.sub('hello', 2, 3)",
        "string.sub('hello', -3)", "string.sub('hello', 0)", "string.sub('hello', 4, 2)", "string.sub('hello', -100, 100)",
        "string.sub('hello', 2^40)", "string.sub('hello', 2.9)", "('hello'):sub()", "string.sub()", "string.sub('x', {})",
        "string.upper('aZ\\200z')", "string.lower('aZ\\200Z')", "string.reverse('abc')", "string.reverse('')", "string.rep('ab', 3)",
        "string.rep('ab', 0)", "string.rep('ab', -1)", "string.rep('', 1e9)", "string.rep('x', 2^31)", "string.rep('x')",
        "string.byte('abc')", "string.byte('abc', 2)", "string.byte('abc', -1)", "string.byte('abc', 1, -1)", "string.byte('abc', 10)",
        "string.byte('abc', 0)", "string.byte(('x'):rep(7998), 1, -1)", "select('#', string.byte(('x'):rep(7000), 1, -1))",
        "string.byte(('x'):rep(8000), 1, -1)", "string.char()", "string.char(65, 66, 0, 255)", "string.char(256)", "string.char(-1)",
        "string.char('x')", "string.char(65.9)", "string.gfind('x', 'y')", "string.dump(1)",
        "string.format('%s %d %5.1f|%-5s|%05d', 'a', 3, 2.25, 'x', 42)", "string.format('%q', 'a\\n\"\\\\\\0\\r')", "string.format()",
        "string.format('%d')", "string.format('%d', 'x')", "string.format('%y', 1)", "string.format('%', 1)", "string.format('%%')",
        "string.format('%123d', 1)", "string.format('%.123d', 1)", "string.format('%------d', 1)", "string.format('%s', {}) == nil",
        "string.format('%s', nil)", "string.format('%c%c', 0, 65)", "string.format('%10.3s|', 'abcdef')", "string.format('%d', '10')",
        "string.format('%s', 1.5)", "string.format('%s', ('x'):rep(200)..'\\0y')", "string.format('%99.99f', 1/3)",
        "string.format('%i', 3.99)", "string.format('%x %X %o %u %e %g %G', 255, 255, 8, 3, 12.5, 1e20, 1e-10)", "string.format('%5', 1)",
        "string.format('%d', 2^63)",
    ];

    public static TheoryData<string> Patterns =>
    [
        "string.find('hello', 'l')", "string.find('hello', 'l', 4)", "string.find('hello', 'l', -1)", "string.find('hello', 'xyz')",
        "string.find('hello', '')", "string.find('hello', '', 10)", "string.find('a.b', '.', 1, true)", "string.find('a.b', '%.')",
        "string.find('hello', '(l)(l)')", "string.find('hello', '()ll()')", "string.find('a\\0b', '\\0b')", "string.find('a\\0b', '%z')",
        "string.find('abc', 'b', nil, true)", "string.find('abc', 'b', {}, true)", "string.find('abc')",
        "string.match('key=val', '(%w+)=(%w+)')", "string.match('  trim  ', '^%s*(.-)%s*$')",
        "string.match('2024-01-02', '(%d+)-(%d+)-(%d+)')", "string.match('x', 'y')", "string.match('hello', '.-(l+)')",
        "string.match('abc', '()')", "string.match('abc', 'b', 3)", "string.match('f(a(b))', '%b()')",
        "string.match('THE END', '%f[%w]%w+$')", "string.match('a', '(a')", "string.match('a', 'a)')", "string.match('a', '%1')",
        "string.match('a', '[a')", "string.match('a', '%')", "string.match('a', '%f')", "string.match('a', '%b')",
        "string.match('a', ('()'):rep(33))", "string.match('aa', '(a)%1')", "string.match(123, '%d')", "string.match({}, 'x')",
        "string.gsub('hello', 'l', 'L')", "string.gsub('hello', 'l', 'L', 1)", "string.gsub('hello', '', '-')",
        "string.gsub('abc', '%w', '%0%0')", "string.gsub('abc', '(a)(b)', '%2%1')", "string.gsub('abc', 'b', '%')",
        "string.gsub('abc', 'b', '%%')", "string.gsub('abc', 'b', '%2')", "string.gsub('abc', 'b', '%1')",
        "string.gsub('abc', '()b', '%1')", "string.gsub('abc', '%w*', 'x')", "string.gsub('abc d', '%w*', 'x')",
        "string.gsub('hello', '^h', 'j')", "string.gsub('hhh', '^h', 'j')", "string.gsub('abc', 'b', 7)",
        "string.gsub('$a $b', '%$(%w)', {a = 'x', b = 2})", "string.gsub('abc', '%w', {a = false, b = true})",
        "string.gsub('abc', '%w', {a = {}})", "string.gsub('abc', '%w', function(c) return c == 'b' and 'X' or nil end)",
        "string.gsub('abc', '%w', function() return {} end)", "string.gsub('abc', '(a)(b)', function(...) return select('#', ...) end)",
        "string.gsub('abc', 'x', function() error('never') end)", "string.gsub('abc', 'b', function() error('here') end)",
        "string.gsub('abc', '()', function(p) return p end)",
        "string.gsub('abc', '%w', setmetatable({}, {__index = function(t, k) return k .. k end}))",
        "string.gsub('abc', '%w', setmetatable({}, {__index = {a = 'A'}}))", "string.gsub('abc', 'b')", "string.gsub('abc', 'b', true)",
        "string.gsub('abc', 'b', 'x', 0)", "string.gsub('abc', 'b', 'x', -1)", "string.gsub()", "string.gsub('abc', 'b', 'x', 'y')",
        "string.gsub('abc', '%w', function(c) return (c:gsub('.', function(d) return d .. d end)) end)",
        "(function() local r = {} for k, v in string.gmatch('a=1, b=2', '(%w+)=(%w+)') do r[#r + 1] = k .. v end retur"
        + "n table.concat(r, ',') end)()",
        "(function() local r = {} for w in ('one two'):gmatch('%a+') do r[#r + 1] = w end return table.concat(r, ',') end)()",
        "(function() local r = {} for p in ('abc'):gmatch('()') do r[#r + 1] = p end return table.concat(r, ',') end)()",
        "string.gmatch('^a^a', '^a')()", "string.gmatch('x')",
        "(function() local n = 0 for _ in ('abc'):gmatch('') do n = n + 1 end return n end)()",
    ];

    public static TheoryData<string> Tables =>
    [
        "table.concat({1, 2, 3})", "table.concat({1, 2, 3}, ', ')", "table.concat({'a', 'b', 'c'}, '', 2, 3)", "table.concat({}, 'x')",
        "table.concat({1, {}, 3})", "table.concat({1, 2}, ',', 1, 3)", "table.concat({1, 2}, {})", "table.concat()",
        "table.concat({1.5, 1e100}, ' ')", "table.concat({1}, ',', 2)", "table.concat({[0] = 'z', 'a'}, ',', 0)",
        "(function() local t = {1, 2} table.insert(t, 3) table.insert(t, 1, 0) return table.concat(t, ',') end)()",
        "table.insert({}, 1, 2, 3)", "table.insert({})", "table.insert(nil, 1)",
        "(function() local t = {1, 2} table.insert(t, 5, 9) return t[5], #t end)()",
        "(function() local t = {1} table.insert(t, -2, 9) return t[-2], t[-1], t[0], t[1], t[2] end)()", "table.insert({}, 'x', 1)",
        "(function() local t = {1, 2, 3} return table.remove(t), table.remove(t, 1), table.concat(t, ',') end)()", "table.remove({})",
        "(function() local t = {1, 2, 3} return table.remove(t, 9), #t end)()", "select('#', table.remove({}))", "table.remove(1)",
        "table.maxn({})", "table.maxn({1, 2, [10.5] = 1, x = 1})", "table.maxn({[-5] = 1})", "table.maxn()", "table.getn({1, 2})",
        "table.getn(1)", "table.setn({}, 1)", "table.foreach({5, 6}, function(k, v) return k + v end)",
        "table.foreachi({5, 6}, function(k, v) if k == 2 then return v end end)", "table.foreach({}, 1)",
        "table.foreachi({1, 2}, function() end)", "(function() local t = {3, 1, 2} table.sort(t) return table.concat(t, ',') end)()",
        "(function() local t = {3, 1, 2} table.sort(t, function(a, b) return a > b end) return table.concat(t, ',') end)()",
        "(function() local t = {'b', 'a', 'c'} table.sort(t) return table.concat(t, ',') end)()", "table.sort({1, 'x'})",
        "table.sort({1, 2, nil, 4})", "table.sort({{}, {}})", "table.sort({1, 2}, 1)",
        "table.sort({1, 2, 3, 4, 5}, function() return true end)", "table.sort({3, 2, 1}, function() error('here') end)",
        "table.sort({}, nil)", "table.sort()",
        "(function() local m = {__lt = function(a, b) return a.v < b.v end} local t = {} for i = 1, 10 do t[i] = setme"
        + "tatable({v = i * 7 % 11}, m) end table.sort(t) local r = {} for i = 1, 10 do r[i] = t[i].v end return table.c"
        + "oncat(r, ',') end)()",
    ];

    public static TheoryData<string> Maths =>
    [
        "math.abs(-3)", "math.ceil(1.2)", "math.floor(-1.2)", "math.max(1, 5, 3)", "math.min(4, 2)", "math.max()", "math.min('x')",
        "math.fmod(7, 3)", "math.fmod(-7, 3)", "math.mod(7, 0)", "math.modf(3.7)", "math.modf(-3.7)", "math.modf(1/0)", "math.modf(5)",
        "math.sqrt(2)", "math.pow(2, 10)", "math.exp(0)", "math.log(1)", "math.log10(1000)", "math.pi", "math.huge", "math.deg(math.pi)",
        "math.rad(180)", "math.frexp(8)", "math.frexp(0.3)", "math.frexp(0)", "math.frexp(-1e-320)", "math.frexp(1/0)",
        "math.frexp(2^1023)", "math.ldexp(0.5, 4)", "math.ldexp(1, 2000)", "math.random(0)", "math.random(2, 1)", "math.random(1, 2, 3)",
        "math.random(1)", "math.random(7, 7)", "math.random('x')", "math.randomseed()", "math.floor('10')", "math.floor({})",
        "math.floor()", "math.atan2(1, 2)", "math.max(0/0, 1)", "math.max(1, 0/0)", "math.ceil(-0.5)", "math.fmod(1e300, 7)",
        "math.fmod(1, 1/0)",
    ];

    [Theory]
    [MemberData(nameof(Strings))]
    [MemberData(nameof(Patterns))]
    [MemberData(nameof(Tables))]
    [MemberData(nameof(Maths))]
    public void AnyCall_DoesWhatTheReferenceDoes(string expression)
    {
        string program = $"show(pcall(function() return {expression} end))";
        string[] expected = ReferenceLua.Run(program);
        Assert.Equal(Decoded(expected[0]), Decoded(new ScriptRunner().Run(program)[0]));

        // Where every step pauses, the result is the same.
        Assert.Equal(Decoded(expected[0]), Decoded(new ScriptRunner().Run(program, fuelAtOnce: 1)[0]));
    }

    /// <summary>The chunk is called differently; and a text is easier to read than its bytes.</summary>
    private static string Decoded(string line) => string.Join(' ', line.Split(' ').Select(part =>
        part.Length > 2 && part.Length % 2 == 0 && part.All(char.IsAsciiHexDigitLower)
            ? $"'{Encoding.Latin1.GetString(Convert.FromHexString(part)).Replace("stdin:", "test:")}'"
            : part));
}
