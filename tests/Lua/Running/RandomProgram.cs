using System.Text;

namespace Bixbite.Lua.Running;

/// <summary>
/// Writes programs that end: every statement and operator over a few variables of all types, mostly with types that fit, with calls,
/// closures, metatables and coroutines. Each prints on its way and at its end. Functions call <c>enter</c>, which fails after a number of
/// calls: without it a program that catches its own endless recursion would take exponential time.
/// </summary>
internal sealed class RandomProgram(Random random)
{
    private const int DepthMax = 3;

    private static readonly string[] s_names = ["a", "b", "c", "d", "t", "u", "g", "h"];
    private static readonly string[] s_fields = ["x", "y", "z"];
    private static readonly string[] s_operators =
        ["+", "-", "*", "/", "%", "^", "..", "==", "~=", "<", "<=", ">", ">=", "and", "or", "+", "-", "..", "==", "and", "or"];

    private readonly StringBuilder _text = new();
    private int _functions;
    private int _loops;

    public string Next()
    {
        _text.Clear();
        _functions = 0;
        _loops = 0;
        _text.Append("local a, b, c, d = 1, '2', 'k', nil\nlocal t, u = {10, 20, 30, x = 1, y = {z = 5}}, {}\n");
        for (int i = random.Next(2, 9); i > 0; i--)
        {
            Statement(0);
        }
        _text.Append("show(a, b, c, d, g, h, #t, t.x, t[1], t[2], u.x, u[1])\nreturn a, b\n");
        return _text.ToString();
    }

    private void Statement(int depth)
    {
        switch (random.Next(depth < DepthMax ? 16 : 6))
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
            case 6 or 7:
                Conditional(depth);
                break;
            case 8 or 9:
                Loop(depth);
                break;
            case 10 or 11:
                Function(depth);
                break;
            case 12:
                _text.Append($"do local {Name()}, {Name()} = {Expression(1)}, {Expression(1)}\n");
                Block(depth);
                _text.Append("end\n");
                break;
            case 13:
                _text.Append($"{Pick("t", "u")} = setmetatable({{{Expression(2)}, x = {Expression(2)}}}, {{{Handler()}, {Handler()}}})\n");
                break;
            case 14:
                Coroutine(depth);
                break;
            default:
                _text.Append("show(pcall(function(...) enter() local a, b = ...\n");
                Block(depth);
                _text.Append($"return {Expression(1)}, ... end, {Expression(1)}))\n");
                break;
        }
    }

    private void Block(int depth)
    {
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            Statement(depth + 1);
        }
    }

    private void Conditional(int depth)
    {
        _text.Append($"if {Expression(1)} then\n");
        Block(depth);
        if (random.Next(2) == 0)
        {
            _text.Append($"elseif {Expression(1)} then\n");
            Block(depth);
        }
        if (random.Next(2) == 0)
        {
            _text.Append("else\n");
            Block(depth);
        }
        _text.Append("end\n");
    }

    private void Loop(int depth)
    {
        string count = $"n{_loops++}";
        string leave = random.Next(3) == 0 ? $"if {Expression(2)} then break end\n" : "";
        switch (random.Next(4))
        {
            case 0:
                _text.Append($"for {Name()} = {random.Next(-2, 3)}, {Expression(2)} % 4, {Pick("1", "2", "0.5")} do\n{leave}");
                Block(depth);
                _text.Append("end\n");
                break;
            case 1:
                string table = Pick("t", "{1, 2, nil, 4}", "{x = 1}", "u");
                _text.Append($"for {Name()}, {Name()} in {Pick("pairs", "ipairs")}({table}) do\n{leave}");
                Block(depth);
                _text.Append("break end\n");
                break;
            case 2:
                _text.Append($"local {count} = 0 while {count} < {random.Next(4)} do {count} = {count} + 1\n{leave}");
                Block(depth);
                _text.Append("end\n");
                break;
            default:
                _text.Append($"local {count} = 0 repeat {count} = {count} + 1 local z = {Expression(2)}\n{leave}");
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
        _text.Append($"{Name()} = {name} {(random.Next(2) == 0 ? $"show(pcall({name}, {Expression(2)}, {Expression(2)}))" : "")}\n");
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

    private string Handler() => random.Next(6) switch
    {
        0 => $"__index = {Pick("function(t, k) return k end", "{y = 8}", "t", "5")}",
        1 => "__newindex = function(t, k, v) rawset(t, k, v) end",
        2 => $"__{Pick("add", "sub", "mul", "div", "concat", "unm", "mod", "pow")} = function(a, b) enter() return {Expression(2)} end",
        3 => $"__{Pick("eq", "lt", "le")} = function(a, b) return {Pick("true", "nil", "1")} end",
        4 => $"__call = function(self, ...) return {Pick("...", "1", "self", "nil, 2")} end",
        _ => $"__len = function() enter() return {Expression(2)} end",
    };

    private string Expression(int depth)
    {
        if (depth >= DepthMax)
        {
            return Atom();
        }
        return random.Next(12) switch
        {
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

    private string Suffix(int depth) => random.Next(6) switch
    {
        0 => $"[{Expression(depth + 1)}]",
        1 => $"({Expression(depth + 1)})",
        2 => $":{Pick(s_fields)}({Atom()})",
        3 => $".{Pick(s_fields)}.{Pick(s_fields)}",
        _ => $".{Pick(s_fields)}",
    };

    private string Target() => random.Next(3) switch
    {
        0 => Name(),
        1 => $"{Pick("t", "u", Name())}.{Pick(s_fields)}",
        _ => $"{Pick("t", "u", Name())}[{Expression(2)}]",
    };

    private string Atom() => random.Next(9) switch
    {
        0 => Pick("nil", "true", "false"),
        1 => Pick("'x'", "''", "'10'", "'0x1F'", "' 5 '", "'abc'"),
        2 or 3 => Pick("0", "1", "2", "3", "-1", "0.5", "1e3", "100", "7"),
        4 => Pick("t", "u", "t.x", "t[1]", "t.y.z", "t.y", "u.x"),
        _ => Name(),
    };

    private string Name() => Pick(s_names);

    private string Pick(params ReadOnlySpan<string> choices) => choices[random.Next(choices.Length)];
}
