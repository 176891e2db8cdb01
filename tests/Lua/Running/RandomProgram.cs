using System.Text;

namespace Bixbite.Lua.Running;

/// <summary>
/// Writes programs that end: every statement and operator over a few variables of all types, mostly with types that fit, with calls,
/// closures, metatables, coroutines and the libraries. Each prints on its way and at its end. Functions, handlers and the bodies of loops
/// call <c>enter</c>, which fails after a number of calls, and so every program ends: without it a limit that a metamethod made up would be
/// an endless loop, and catching one's own endless recursion would take exponential time.
/// </summary>
internal sealed class RandomProgram
{
    private const int DepthMax = 3;

    private static readonly string[] s_names = ["a", "b", "c", "d", "t", "u", "g", "h"];
    private static readonly string[] s_fields = ["x", "y", "z"];
    private static readonly string[] s_operators =
        ["+", "-", "*", "/", "%", "^", "..", "==", "~=", "<", "<=", ">", ">=", "and", "or", "+", "-", "..", "==", "and", "or"];

    private readonly Random _random;
    private readonly RandomLibraryCall _calls;
    private readonly StringBuilder _text = new();
    private int _functions;
    private int _loops;

    public RandomProgram(Random random)
    {
        _random = random;
        _calls = new RandomLibraryCall(random, () => Expression(2));
    }

    public string Next()
    {
        _text.Clear();
        _functions = 0;
        _loops = 0;
        _text.Append("local a, b, c, d = 1, '2', 'k', nil\nlocal t, u = {10, 20, 30, x = 1, y = {z = 5}}, {}\n");
        for (int i = _random.Next(2, 9); i > 0; i--)
        {
            Statement(0);
        }
        _text.Append("show(a, b, c, d, g, h, #t, t.x, t[1], t[2], u.x, u[1])\nreturn a, b\n");
        return _text.ToString();
    }

    private void Statement(int depth)
    {
        switch (_random.Next(depth < DepthMax ? 24 : 8))
        {
            case 0 or 1:
                _text.Append($"{Name()} = {Expression(0)}\n");
                break;
            case 2:
                _text.Append($"{Target()}, {Target()} = {Expression(0)}, {Expression(1)}\n");
                break;
            case 3:
                _text.Append($"{Target()} = {Expression(0)}\n");
                break;
            case 4:
                _text.Append($"show({Expression(0)}, {Expression(1)})\n");
                break;
            case 5:
                _text.Append($"show(pcall(function() enter() return {Expression(0)} end))\n");
                break;
            case 6:
                _text.Append($"show(pcall(function() enter() return {_calls.Next()} end))\n");
                break;
            case 7:
                Small();
                break;
            case 8 or 9:
                Conditional(depth);
                break;
            case 10 or 11:
                Loop(depth);
                break;
            case 12 or 13:
                Function(depth);
                break;
            case 14:
                Method(depth);
                break;
            case 15:
                Closures(depth);
                break;
            case 16:
                Generator(depth);
                break;
            case 17:
                Raise(depth);
                break;
            case 18 or 19:
                Declare(depth);
                break;
            case 20 or 21:
                Coroutine(depth);
                break;
            default:
                VariableArguments(depth);
                break;
        }
    }

    /// <summary>One line that needs no block.</summary>
    private void Small()
    {
        switch (_random.Next(7))
        {
            case 6:
                _text.Append($"collectgarbage() {Name()} = collectgarbage(){Pick("", " or " + Expression(2))}\n");
                break;
            case 0:
                _text.Append($"{Target()}, {Target()}, {Target()} = {Expression(1)}, {Expression(2)}{Pick("", ", " + Expression(2))}\n");
                break;
            case 1:
                _text.Append(_calls.Sort()).Append('\n');
                break;
            case 2:
                _text.Append($"{Name()} = {_calls.Next()}\n");
                break;
            case 3:
                _text.Append($"t[1], t[2], {Name()} = t[2], t[1], t[{Expression(2)}]\n");
                break;
            case 4:
                string function = Pick("error", "assert", "setmetatable", "type", "tostring");
                _text.Append($"show(pcall({function}, {Expression(2)}, {Expression(2)}))\n");
                break;
            default:
                _text.Append($"for k, v in pairs({{1, {Atom()}, x = {Atom()}, y = 2, z = 3, [2.5] = 4}}) do show(k, v) end\n");
                break;
        }
    }

    /// <summary>Local variables, and metatables of new tables.</summary>
    private void Declare(int depth)
    {
        if (_random.Next(2) == 0)
        {
            _text.Append($"do local {Name()}, {Name()} = {Expression(1)}, {Expression(1)}\n");
            Block(depth);
            _text.Append("end\n");
        }
        else
        {
            string metatable = $"{{{Handler()}, {Handler()}, {Handler()}}}";
            _text.Append($"{Pick("t", "u", "t, u")} = setmetatable({{{Expression(2)}, x = {Expression(2)}}}, {metatable})\n");
            _text.Append($"{Pick("", $"u = setmetatable({{{Expression(2)}}}, getmetatable(t))\n")}");
        }
    }

    private void Method(int depth)
    {
        string field = Pick(s_fields);
        _text.Append($"function t{Pick(".", ":")}{field}(a, b) enter()\n");
        Block(depth);
        _text.Append($"return {Pick("self", "a", "b", Expression(2))}, {Expression(2)} end\n");
        _text.Append($"show(pcall(function() return t{Pick(".", ":")}{field}({Expression(2)}, {Expression(2)}) end))\n");
    }

    /// <summary>Each round of a loop has variables of its own, and its functions share them.</summary>
    private void Closures(int depth)
    {
        string list = $"l{_loops++}";
        string leave = Pick("", "", $"if {Expression(2)} then break end\n");
        string body = $"v = {Expression(2)} return v, {Pick("i", "...", "a")}";
        string add = $"enter() local v = {Expression(2)} {list}[#{list} + 1] = function(...) enter() {body} end\n{leave}";
        _text.Append($"local {list} = {{}}\n");
        switch (_random.Next(3))
        {
            case 0:
                _text.Append($"for i = 1, 3 do {add}");
                Block(depth);
                _text.Append("end\n");
                break;
            case 1:
                _text.Append($"local i = 0 repeat i = i + 1 {add.Replace("return v", "return v, v", StringComparison.Ordinal)}");
                _text.Append("local z = v until i > 2 or z == nil\n");
                break;
            default:
                _text.Append($"local i = 0 while i < 3 do i = i + 1 {add}end\n");
                break;
        }
        _text.Append($"for i = 1, #{list} do show(pcall({list}[i], {Expression(2)})) show(pcall({list}[i])) end\n");
    }

    private void Generator(int depth)
    {
        string names = Pick("a", "a, b", "b, c, d");
        _text.Append($"for {names} in coroutine.wrap(function(...) enter() for i = 1, {_random.Next(1, 4)} do enter()\n");
        _text.Append($"coroutine.yield({Pick("i", "true", Expression(2))}, {Expression(2)}) ");
        _text.Append($"{Pick("", $"if {Expression(2)} then break end ", $"if {Expression(2)} then return end ")}end end) do\n");
        Block(depth);
        _text.Append("end\n");
    }

    /// <summary>Errors with positions of some levels, and handlers that see them.</summary>
    private void Raise(int depth)
    {
        string function = $"e{_functions++}";
        _text.Append($"local function {function}(x) enter()\n");
        Block(depth);
        string level = Pick("", ", 0", ", 1", ", 2", ", 3", ", 9", ", -1", ", '2'");
        string raise = $"error({Expression(2)}{level})";
        _text.Append(_random.Next(2) == 0 ? raise : $"if {Expression(2)} then {raise} end").Append(" end\n");
        _text.Append($"show(pcall(function() {Pick("return ", "")}{function}({Expression(2)}) end))\n");
        string handler = Pick("type", "tostring", "function(m) return m, 1 end", "show");
        _text.Append($"show(xpcall(function() {function}({Expression(2)}) end, {handler}))\n");
    }

    private void VariableArguments(int depth)
    {
        _text.Append("show(pcall(function(...) enter() local a, b = ...\n");
        Block(depth);
        switch (_random.Next(4))
        {
            case 0:
                _text.Append("local l = {...} show(#l, select('#', ...), (...)) ");
                _text.Append($"return unpack(l, 1, {Pick("3", "#l", "select('#', ...)")})");
                break;
            case 1:
                _text.Append($"return select({Pick("1", "2", "-1", "3")}, ...)");
                break;
            case 2:
                _text.Append("local function f(x, ...) enter() if x then return f(...) end return 'end', x, ... end return f(...)");
                break;
            default:
                _text.Append($"return {Expression(1)}, ...");
                break;
        }
        _text.Append($" end, {Expression(1)}, {Expression(2)}, {Expression(2)}))\n");
    }

    private void Block(int depth)
    {
        for (int i = _random.Next(1, 4); i > 0; i--)
        {
            Statement(depth + 1);
        }
    }

    private void Conditional(int depth)
    {
        _text.Append($"if {Expression(1)} then\n");
        Block(depth);
        if (_random.Next(2) == 0)
        {
            _text.Append($"elseif {Expression(1)} then\n");
            Block(depth);
        }
        if (_random.Next(2) == 0)
        {
            _text.Append("else\n");
            Block(depth);
        }
        _text.Append("end\n");
    }

    private void Loop(int depth)
    {
        string count = $"n{_loops++}";
        string leave = _random.Next(3) == 0 ? $"if {Expression(2)} then break end\n" : "";
        switch (_random.Next(4))
        {
            case 0:
                _text.Append($"for {Name()} = {_random.Next(-2, 3)}, {Expression(2)} % 4, {Pick("1", "2", "0.5")} do enter()\n{leave}");
                Block(depth);
                _text.Append("end\n");
                break;
            case 1:
                string table = Pick("t", "{1, 2, nil, 4}", "{x = 1}", "u");
                _text.Append($"for {Name()}, {Name()} in {Pick("pairs", "ipairs")}({table}) do enter()\n{leave}");
                Block(depth);
                _text.Append("break end\n");
                break;
            case 2:
                _text.Append($"local {count} = 0 while {count} < {_random.Next(4)} do enter() {count} = {count} + 1\n{leave}");
                Block(depth);
                _text.Append("end\n");
                break;
            default:
                _text.Append($"local {count} = 0 repeat enter() {count} = {count} + 1 local z = {Expression(2)}\n{leave}");
                Block(depth);
                _text.Append($"until {count} > 2 or z\n");
                break;
        }
    }

    private void Function(int depth)
    {
        string name = $"f{_functions}";
        string parameters = Pick("", "a", "a, b", "...", "a, ...", "self, x");
        _text.Append($"local function {name}({parameters}) enter()\n");
        Block(depth);
        _text.Append($"return {Expression(1)}{(parameters.EndsWith("...", StringComparison.Ordinal) ? ", ..." : "")} end\n");
        _text.Append($"{Name()} = {name} {(_random.Next(2) == 0 ? $"show(pcall({name}, {Expression(2)}, {Expression(2)}))" : "")}\n");
        _text.Append($"{Name()}, {Name()} = {name}({Expression(2)}, {Expression(2)})\n");
        _functions++;
    }

    private void Coroutine(int depth)
    {
        _text.Append("do local co = coroutine.create(function(...) enter() local a, b = ...\n");
        Block(depth);
        _text.Append($"b = coroutine.yield({Expression(1)}, a)\n");
        Block(depth);
        _text.Append($"return a, b, {Expression(2)} end)\n");
        _text.Append($"show(coroutine.resume(co, {Expression(2)})) show(coroutine.resume(co, 7)) show(coroutine.status(co)) end\n");
    }

    private string Handler() => _random.Next(9) switch
    {
        0 => $"__index = {Pick("function(t, k) enter() return k end", "{y = 8}", "t", "5")}",
        1 => "__newindex = function(t, k, v) enter() rawset(t, k, v) end",
        2 => $"__{Pick("add", "sub", "mul", "div", "concat", "unm", "mod", "pow")} = function(a, b) enter() return {Expression(2)} end",
        6 => $"__tostring = function() enter() {Pick("return 'T'", "return 5", "return nil", "error(1)", $"return {Expression(2)}")} end",
        7 => $"__metatable = {Pick("'locked'", "false", "nil")}",
        8 => $"__newindex = {Pick("u", "{}", "function(t, k, v) enter() show(k, v) end", "5", "rawset")}",
        3 => $"__{Pick("eq", "lt", "le")} = function(a, b) enter() return {Pick("true", "nil", "1")} end",
        4 => $"__call = function(self, ...) enter() return {Pick("...", "1", "self", "nil, 2")} end",
        _ => $"__len = function() enter() return {Expression(2)} end",
    };

    private string Expression(int depth)
    {
        if (depth >= DepthMax)
        {
            return Atom();
        }
        return _random.Next(13) switch
        {
            12 => $"({_calls.Next()})",
            0 or 1 or 2 => Atom(),
            3 => $"({Expression(depth + 1)})",
            4 => $"{Pick("not ", "-", "#", "- ")}{Expression(depth + 1)}",
            5 => $"{Name()}{Suffix(depth)}",
            6 => $"({{{Expression(depth + 1)}, {Pick(s_fields)} = {Expression(depth + 1)}, {Atom()}}}){Pick("", "[1]", ".x")}",
            7 => $"type({Expression(depth + 1)})",
            8 => $"select('#', {Expression(depth + 1)}, {Atom()})",
            _ => $"{Expression(depth + 1)} {Pick(s_operators)} {Expression(depth + 1)}",
        };
    }

    private string Suffix(int depth) => _random.Next(6) switch
    {
        0 => $"[{Expression(depth + 1)}]",
        1 => $"({Expression(depth + 1)})",
        2 => $":{Pick(s_fields)}({Atom()})",
        3 => $".{Pick(s_fields)}.{Pick(s_fields)}",
        _ => $".{Pick(s_fields)}",
    };

    private string Target() => _random.Next(3) switch
    {
        0 => Name(),
        1 => $"{Pick("t", "u", Name())}.{Pick(s_fields)}",
        _ => $"{Pick("t", "u", Name())}[{Expression(2)}]",
    };

    private string Atom() => _random.Next(9) switch
    {
        0 => Pick("nil", "true", "false"),
        1 => Pick("'x'", "''", "'10'", "'0x1F'", "' 5 '", "'abc'", "[[y]]", "'\\65\\n'", "\"q\"", "'1e2'", "'-0'"),
        2 or 3 => Pick("0", "1", "2", "3", "-1", "0.5", "1e3", "100", "7", "0x10", ".5", "1e15", "1e14", "123456789012345", "1e-5", "-0"),
        4 => Pick("t", "u", "t.x", "t[1]", "t.y.z", "t.y", "u.x"),
        _ => Name(),
    };

    private string Name() => Pick(s_names);

    private string Pick(params ReadOnlySpan<string> choices) => choices[_random.Next(choices.Length)];
}
