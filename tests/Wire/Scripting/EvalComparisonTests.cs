using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Scripting;

/// <summary>
/// EVAL answers what Redis 7.0.15 answers, to the byte: values, errors, conversions, and what commands answer to scripts.
/// </summary>
public sealed class EvalComparisonTests
{
    /// <summary>Values that scripts return.</summary>
    private static readonly string[] s_values =
    [
        "nil", "", "true", "false", "1", "-1", "0", "-0", "3.99", "-3.99", "1e15", "1e20", "-1e20", "0/0", "1/0", "-1/0", "''", "'abc'",
        "'a\\r\\nb'", "'\\0x'", "{}", "{1,2,3}", "{1,2,nil,3}", "{nil,1}", "{true,false,'x',{}}", "{{1,{2,{3}}},'x'}", "{ok='fine'}",
        "{ok='a\\r\\nb'}", "{ok=''}", "{ok=5}", "{err='My thing'}", "{err='x'}", "{err='-x y'}", "{err='a\\r\\nb'}", "{err='a\\r\\n'}",
        "{err=5}", "{err='x\\0y'}", "{ok='x\\0y'}", "{double=3.5}", "{double=-0.25}", "{double=1/0}", "{double=3}",
        "{double='3'}", "{map={a=1}}", "{map={}}", "{map={a={1,2}}}", "{map={[1]=2}}", "{map=1}", "{set={a=true}}", "{set={}}",
        "{set={[5]=1}}", "{set=1}", "{big_number='1234567890123456789012345'}", "{big_number=12}",
        "{verbatim_string={format='txt',string='hello'}}", "{verbatim_string={format='mkd',string=''}}",
        "{verbatim_string={string='x'}}", "{verbatim_string={format='txt'}}", "{verbatim_string='x'}", "{a=1,b=2}", "{1,2,a=3}",
        "{[1]='x',[2]='y',[4]='z'}", "redis", "pcall", "coroutine.create(pcall)", "{err='x',ok='y'}", "{ok='y',double=1}",
        "{double=1,map={}}", "{{err='in'},{ok='in'},{double=1}}", "1,2,3", "KEYS", "ARGV", "#KEYS", "{KEYS,ARGV}", "not nil", "'10'+5",
        "10/2", "7%3", "-7%3", "2^10", "'a'..1 ..2", "1==1.0", "'1'==1",
    ];

    /// <summary>Commands as scripts call them.</summary>
    private static readonly string[] s_calls =
    [
        "'ping'", "'PING','x'", "'echo','y'", "'set','k','v'", "'get','k'", "'get','none'", "'strlen','k'", "'set','n',17", "'incr','n'",
        "'incrbyfloat','n',0.5", "'set','f',0.1", "'get','f'", "'set','f',1e20", "'get','f'", "'set','f',123456789012345678",
        "'get','f'", "'set','f',1/0", "'get','f'", "'set','f',-1.5e-7", "'get','f'", "'set','f',0.0001", "'get','f'", "'set','f',1e15",
        "'get','f'", "'set','f',1e16", "'get','f'", "'set','f',1e17", "'get','f'", "'set','f',123.456", "'get','f'", "'set','f',5e-324",
        "'get','f'", "'set','f',1.7976931348623157e308", "'get','f'", "'set','f',-0.00001", "'get','f'", "'set','f',100", "'get','f'",
        "'rpush','l','a','b','c'", "'lrange','l',0,-1", "'lrange','none',0,-1", "'lpop','none'", "'lpop','none',2", "'lpos','l','b'",
        "'hset','h','f','v'", "'hgetall','h'", "'hgetall','none'", "'hget','h','none'", "'hmget','h','f','none'", "'sadd','s','m'",
        "'smembers','s'", "'smembers','none'", "'sismember','s','m'", "'zadd','z',1.5,'m'", "'zscore','z','m'", "'zscore','z','none'",
        "'zrange','z',0,-1,'withscores'", "'zincrby','z',1,'m'", "'zmscore','z','m','none'", "'zrank','z','m'", "'zpopmin','none'",
        "'xadd','x','1-1','a','b'", "'xrange','x','-','+'", "'xread','streams','x','0'", "'xread','streams','x','$'", "'xlen','x'",
        "'xread','block',0,'streams','x','$'", "'XREAD','block','x','streams','x','$'", "'xread','count',1,'block',0,'streams','x','0'",
        "'xreadgroup','group','g','c','block',0,'streams','x','>'", "'XReadGroup','group','none','c','block',0,'streams','x'",
        "'type','k'", "'exists','k'", "'del','k'", "'expire','n',100", "'ttl','n'", "'persist','n'", "'object','encoding','n'",
        "'lpush','n','x'", "'incr','l'", "'set','n'", "'set','n','1','nosuch'", "'nosuch'", "'nosuch','x'", "'get'", "'get','a','b'",
        "'config','get','x'", "'config','nosuch'", "'client','list'", "'client'", "'object'", "'object','nosuch'", "'eval','return 1',0",
        "'evalsha','x',0", "'script','load','x'", "'multi'", "'exec'", "'discard'", "'watch','a'",
        "'subscribe','x'", "'psubscribe','x'", "'unsubscribe'", "'auth','x'", "'hello'", "'hello','3'", "'reset'", "'quit'", "'save'",
        "'monitor'", "'role'", "'debug','sleep',0", "'publish','c','m'", "'select',3", "'dbsize'", "'select','x'",
        "'spop','none'", "'spop','none',1", "'getrange','n',0,1", "'setrange','r',3,'x'", "'setbit','b',7,1", "'bitcount','b'",
        "'pfadd','p','a'", "'pfcount','p'", "'geoadd','g',13.361389,38.115556,'P'", "'geodist','g','P','P'",
        "'sort','l','alpha'",
        "'sadd','ss','c','a','b','10','9'", "'sort','ss','by','nosort'", "'sort','ss','by','nosort','get','#','limit',1,2",
        "'copy','n','n2'", "'append','r','x'", "'getdel','r'", "'mget','n','none','l'", "'sintercard',1,'s'",
        "'zrandmember','none'", "'hrandfield','none'", "'lmpop',1,'none','left'", "'zmpop',1,'none','min'", "'getex','n'", "'flushall'",
        "'randomkey'", "", "{}", "'get',{}", "'get',nil", "true", "'get',true", "12", "'GET','n'", "'Set','S',1",
    ];

    /// <summary>Scripts that fail, and what becomes of errors.</summary>
    private static readonly string[] s_errors =
    [
        "error('x')", "error('x',0)", "error('x',2)", "error(nil)", "error()", "error(5)", "error(true)", "error({err='My thing'})",
        "error({err='My thing',x=1})", "error({err='a\\r\\nb'})", "local function f() error('x',2) end f()", "local t={} return t.x.y",
        "local t={} return t()", "return 1 .. {}", "return #5", "return {} < {}", "return {} < 1", "return nil + 1", "x()", "return foo",
        "foo=1", "KEYS=1", "KEYS=nil", "KEYS[1]='x' return KEYS", "setmetatable(_G,{})", "rawset(_G,'x',1)", "redis.call=1", "redis.x=1",
        "return redis.x", "_G.x=1", "_G._G=nil", "getmetatable(_G).__index=1", "return getmetatable(_G).__index(1,'x')",
        "return getmetatable(_G).__index(1)", "return getmetatable(_G).__index(1,{})", "return getmetatable(_G).__index(1,5)",
        "return _G[5]", "return _G[{}]", "return rawget(_G,'x')", "return print", "return dofile", "return loadfile", "return require",
        "return io", "return os", "return debug", "return package", "return newproxy", "return getfenv", "return setfenv",
        "return module", "return type(collectgarbage)", "return type(gcinfo)", "return _VERSION", "x x", "if", "return 'a", "return [[a",
        "return loadstring('return 1')()", "return {loadstring('x x')}", "return (select(2,loadstring('x x')))", "return assert(false)",
        "return assert(nil,'m')", "return pcall(error,'x')", "local a,b=pcall(error,'x') return {tostring(a),b}",
        "local a,b=pcall(function() error('x') end) return {tostring(a),b}",
        "local a,b=pcall(function() error({err='y'}) end) return {tostring(a),b}",
        "local a,b=pcall(redis.call,'get') return {tostring(a),b,type(b)}",
        "local a,b,c=pcall(function() return 1,2 end) return {a,b,c}",
        "local a,b=xpcall(function() error('x') end, function(e) return e..'!' end) return {tostring(a),b}",
        "local b=redis.pcall('get') return {b.err,tostring(b.ignore_error_stats_update)}", "return redis.pcall('get')",
        "return redis.pcall()", "return redis.pcall({})", "return redis.pcall('nosuch').err",
        "redis.call('set','str','x') return redis.call('lpush','str','y')", "return redis.pcall('lpush','str','y')",
        "local e=redis.pcall('lpush','str','y') return e.err", "\n\nerror('third line')", "\nreturn redis.call('nosuch')",
        "local co=coroutine.wrap(function() redis.call('ping') coroutine.yield(1) end) return co()",
        "local co=coroutine.wrap(function() error('x') end) return co()",
        "local co=coroutine.wrap(function() redis.call('nosuch') end) return co()",
        "local co=coroutine.create(function() error('x') end) return {coroutine.resume(co)}", "for i=1,'x' do end",
        "for i=1,10,0 do break end return 1", "local a <const> = 1", "goto x", "return 0x10", "return 1e", "return ...",
        "return select('#',...)", "local t=setmetatable({},{__index=function(t,k) return k..'!' end}) return t.x",
        "local t=setmetatable({},{__tostring=function() return 'T' end}) return tostring(t)", "return setmetatable({1},{__index={2,3}})",
        "return tostring(nil)", "return tonumber('0x1f')", "return tonumber('z',36)", "return tonumber('8',8)", "return type(redis)",
        "return unpack({1,2})", "return {unpack({1,2})}", "return next({})", "return {next({5})}", "return rawequal('a','a')",
        "return #'abc'", "return #{1,2,3}", "local s=0 for i=1,1000 do s=s+i end return s",
        "local t={} for i=1,20 do t={t} end return t", "local t={} for i=1,7990 do t={t} end return t",
        "local t={} for i=1,7999 do t={t} end return t",
    ];

    /// <summary>The functions of <c>redis</c>.</summary>
    private static readonly string[] s_library =
    [
        "redis.setresp(4)", "redis.setresp()", "redis.setresp('x')", "redis.setresp('3') return 1", "redis.setresp(3,1)",
        "redis.setresp(2) return 1", "return redis.sha1hex()", "return redis.sha1hex('')", "return redis.sha1hex('x')",
        "return redis.sha1hex(1)", "return redis.sha1hex({})", "return redis.sha1hex('a','b')", "return redis.error_reply()",
        "return redis.error_reply('x')", "return redis.error_reply('-X y')", "return redis.error_reply('X y')",
        "return redis.error_reply('')", "return redis.error_reply('-')", "return redis.error_reply('-x')", "return redis.error_reply(1)",
        "return redis.error_reply({})", "return redis.error_reply('a','b')", "return redis.error_reply('x y').err",
        "return redis.status_reply(1)", "return redis.status_reply('x')", "return redis.status_reply('x','y')",
        "return redis.status_reply('')", "return redis.status_reply('x').ok", "return redis.log()", "return redis.log(9,'x')",
        "return redis.log(-1,'x')", "return redis.log('x','x')", "return redis.log(1)", "return redis.log('1','x')",
        "return redis.log(redis.LOG_WARNING,'hello','world',1,{})", "return redis.set_repl(1)", "return redis.set_repl()",
        "return redis.set_repl(9)", "return redis.set_repl(-1)", "return redis.set_repl('x')", "return redis.set_repl(3,4)",
        "return redis.set_repl(redis.REPL_ALL)", "return redis.replicate_commands()", "return redis.REDIS_VERSION",
        "return redis.REDIS_VERSION_NUM", "return redis.breakpoint()", "return redis.debug('x')",
        "return redis.acl_check_cmd('get','x')", "return redis.acl_check_cmd()", "return redis.acl_check_cmd('nosuch')",
        "return redis.acl_check_cmd({})", "return redis.acl_check_cmd('config','get','x')", "return redis.register_function('x')",
        "return {redis.LOG_DEBUG,redis.LOG_VERBOSE,redis.LOG_NOTICE,redis.LOG_WARNING,redis.REPL_NONE}",
        "return {redis.REPL_AOF,redis.REPL_SLAVE,redis.REPL_REPLICA,redis.REPL_ALL}",
    ];

    /// <summary>What scripts find among the globals, and what they cannot change there.</summary>
    private static readonly string[] s_sandbox =
    [
        "local t={} for k,v in pairs(_G) do if k~='__redis__err__handler' and k~='server' then t[#t+1]=k end end table.sort(t) return t",
        "local t={} for k,v in pairs(redis) do t[#t+1]=k..'='..type(v) end table.sort(t) return t",
        "local t={} for k in pairs(string) do t[#t+1]=k end table.sort(t) return t",
        "local t={} for k in pairs(table) do t[#t+1]=k end table.sort(t) return t",
        "local t={} for k in pairs(math) do t[#t+1]=k end table.sort(t) return t",
        "local t={} for k in pairs(coroutine) do t[#t+1]=k end table.sort(t) return t",
        "local t={} for k in pairs(cjson) do t[#t+1]=k end table.sort(t) return t",
        "local t={} for k in pairs(cmsgpack) do t[#t+1]=k end table.sort(t) return t",
        "local t={} for k in pairs(struct) do t[#t+1]=k end table.sort(t) return t",
        "local t={} for k in pairs(bit) do t[#t+1]=k end table.sort(t) return t", "string.x=1", "string.rep=nil", "table.insert(_G,1)",
        "table.insert(redis,1)", "return table.remove(redis)", "table.sort(redis)", "getmetatable('').__index=1", "getmetatable('').x=1",
        "setmetatable(getmetatable(''),{})", "return tostring(getmetatable('').__index==string)", "return ('x'):rep(3)", "cjson.x=1",
        "bit.x=1",
        "math.randomseed(5) return {math.random(100),math.random(100)}",
        "return math.random(0)", "return cjson.encode({1,2,{a='b'}})", "return cjson.decode('[1,2,3]')", "return cjson.decode('{')",
        "return cmsgpack.pack(1,'a')", "return {cmsgpack.unpack(cmsgpack.pack('a'))}", "return struct.pack('>I2',258)",
        "return bit.tohex(255)", "return string.format('%q %5.2f','a',1.234)", "return #string.rep('x',1000)",
        "return string.rep('x',-1)", "return string.find('hello','l+')", "return {string.find('hello','l+')}",
        "return string.gsub('hello','l','L')", "return table.concat({1,2,3},',')", "return table.concat({1,{},3},',')",
        "return string.byte('a')", "return string.char(256)", "return tostring(0/0)",
        "return tostring(1e15)", "return tostring(-0)", "return 2^53", "return os.clock()", "return string.format('%d',3.99)",
        "return math.floor(-3.5)", "return math.huge", "return tostring(math.pi)",
    ];

    [Fact]
    public void TheSandboxIsAlike() => Same(s_sandbox.Select(script => Eval(script)));

    [Fact]
    public void ValuesBecomeReplies() => Same(s_values.SelectMany(
        value => new[] { Eval($"return {value}", "1 key arg"), Eval($"redis.setresp(3) return {value}") }));

    [Fact]
    public void RepliesBecomeValues() => Same(
        s_calls.Select(call => Eval($"return redis.call({call})"))
            .Concat(s_calls.Select(call => Eval($"redis.setresp(3) return redis.call({call})")))
            .Concat(s_calls.Select(call => Eval($"return redis.pcall({call})"))));

    [Fact]
    public void ErrorsAreWordedAlike() => Same(s_errors.Select(script => Eval(script)));

    [Fact]
    public void TheLibraryOfRedisAnswersAlike() => Same(s_library.Select(script => Eval(script)));

    [Fact]
    public void CommandsOfScriptsAnswerAlike() => Same(
    [
        "EVAL", "EVAL x", "EVAL \"return 1\" x", "EVAL \"return 1\" -1", "EVAL \"return 1\" 1", "EVAL \"return 1\" 1.5",
        "EVAL \"return 1\" 00", "EVAL \"return {KEYS[1],KEYS[2],ARGV[1],ARGV[2]}\" 2 a b c d", "EVAL \"return {KEYS[1],ARGV[1]}\" 1 a",
        "EVALSHA x 0", "EVALSHA x x", "EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db x",
        "EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0", "EVALSHA E0E1F9FABFC9D4800C877A703B823AC0578FF8DB 0",
        "EVALSHA_RO e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0", "EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8de 0", "SCRIPT",
        "SCRIPT nosuch", "SCRIPT EXISTS",
        "SCRIPT EXISTS x e0e1f9fabfc9d4800c877a703b823ac0578ff8db E0E1F9FABFC9D4800C877A703B823AC0578FF8DB", "SCRIPT LOAD \"return 2\"",
        "EVALSHA 7f923f79fe76194c868d7e1d0820de36700eb649 0", "SCRIPT LOAD \"x x\"", "SCRIPT LOAD", "SCRIPT FLUSH x",
        "SCRIPT FLUSH async x", "SCRIPT FLUSH ASYNC", "EVALSHA 7f923f79fe76194c868d7e1d0820de36700eb649 0", "SCRIPT FLUSH",
        "SCRIPT FLUSH SYNC", "EVAL_RO \"return redis.call('set','a','b')\" 0", "EVAL_RO \"return redis.call('publish','a','b')\" 0",
        "EVAL_RO \"return redis.call('get','a')\" 0", "EVAL \"#!lua\" 0", "EVAL \"#!lua\\nreturn 1\" 0",
        "EVAL \"#!python\\nreturn 1\" 0", "EVAL \"#!\\nreturn 1\" 0", "EVAL \"#!lua x\\nreturn 1\" 0",
        "EVAL \"#!lua flags=x\\nreturn 1\" 0", "EVAL \"#!lua flags=no-writes,allow-oom\\nreturn redis.call('set','a','b')\" 0",
        "EVAL \"#!lua flags=\\nreturn 1\" 0", "EVAL \"#!lua name=x\\nreturn 1\" 0",
        "EVAL \"#!lua flags=no-writes flags=allow-oom\\nreturn 1\" 0", "EVAL \"#!lua\\n\\nx x\" 0",
        "EVAL \"#!lua flags=no-writes,\\nreturn 1\" 0", "EVAL \"#!LUA\\nreturn 1\" 0", "EVAL_RO \"#!lua\\nreturn 1\" 0",
        "EVAL_RO \"#!lua flags=no-writes\\nreturn 1\" 0",
        "EVAL \"redis.pcall('nosuch') redis.pcall('select',99) return 1\" 0", "EVAL \"return redis.pcall('select',99)\" 0",
        "EVAL \"return redis.call('select',99)\" 0", "DEBUG SET-DISABLE-DENY-SCRIPTS 1", "EVAL \"return redis.call('client','id') > 0\" 0",
        "DEBUG SET-DISABLE-DENY-SCRIPTS x", "EVAL \"return redis.call('debug','sleep',0)\" 0", "DEBUG SET-DISABLE-DENY-SCRIPTS",
        "SET c 0", "COMMAND GETKEYS EVAL x 2 a b c",
        "COMMAND GETKEYSANDFLAGS EVAL_RO x 1 a b", "COMMAND GETKEYS EVALSHA x 0", "COMMAND GETKEYS EVAL x 5 a",
        "%COMMAND INFO eval eval_ro", "COMMAND INFO evalsha", "COMMAND INFO evalsha_ro", "COMMAND INFO script|load",
        "COMMAND INFO script|exists", "COMMAND INFO script|flush", "COMMAND INFO script|help", "MULTI",
        "EVAL \"return redis.call('incr','c')\" 0", "EVAL \"redis.call('select',5) return redis.call('incr','c')\" 0", "GET c", "EXEC",
        "GET c", "SELECT 5", "GET c", "SELECT 0",
    ]);

    private static string Eval(string script, string rest = "0") =>
        $"EVAL \"{script.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\" {rest}";

    private static void Same(IEnumerable<string> lines)
    {
        using Compare compare = new();
        compare.Run(lines);
    }
}
