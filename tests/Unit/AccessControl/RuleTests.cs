using Bixbite.AccessControl.Rules;
using Xunit;

namespace Bixbite.Unit.AccessControl;

/// <summary>What rules mean, how they are shown, and which are refused.</summary>
public sealed class RuleTests : IDisposable
{
    private const string Hash = "#2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90";

    private readonly AccessFixture _access = new();

    [Theory]
    [InlineData("", "off sanitize-payload resetchannels -@all")]
    [InlineData("on nopass allkeys allchannels allcommands", "on nopass sanitize-payload ~* &* +@all")]
    [InlineData("on >a >a", "on sanitize-payload #ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb resetchannels -@all")]
    [InlineData(">a <a", "off sanitize-payload resetchannels -@all")]
    [InlineData("nopass >a resetpass", "off sanitize-payload resetchannels -@all")]
    [InlineData("skip-sanitize-payload", "off skip-sanitize-payload resetchannels -@all")]
    [InlineData("~a ~a %R~b %W~b %RW~c %r~d", "off sanitize-payload ~a ~b ~c %R~d resetchannels -@all")]
    [InlineData("%RW~* ~x %R~*", "off sanitize-payload %RW~* ~x resetchannels -@all")]
    [InlineData("~*", "off sanitize-payload ~* resetchannels -@all")]
    [InlineData("allkeys resetkeys ~x", "off sanitize-payload ~x resetchannels -@all")]
    [InlineData("&a &b* &a", "off sanitize-payload resetchannels &a &b* -@all")]
    [InlineData("+GET -get +@Read +get", "off sanitize-payload resetchannels -@all +@read +get")]
    [InlineData("+@all -config|set -config", "off sanitize-payload resetchannels +@all -config")]
    [InlineData("+select|0 +select|1 -select", "off sanitize-payload resetchannels -@all -select")]
    [InlineData("+select|0 +select|0", "off sanitize-payload resetchannels -@all +select|0")]
    [InlineData("+get +@all", "off sanitize-payload resetchannels +@all")]
    [InlineData("db=3,0,3", "off sanitize-payload resetchannels db=0,3 -@all")]
    [InlineData("db=1 db=2 resetdbs", "off sanitize-payload resetchannels resetdbs -@all")]
    [InlineData("db=1 alldbs", "off sanitize-payload resetchannels -@all")]
    [InlineData(
        "(~a +get) ( &c +@pubsub )",
        "off sanitize-payload resetchannels -@all (~a resetchannels -@all +get) (resetchannels &c -@all +@pubsub)")]
    [InlineData("(~a) clearselectors", "off sanitize-payload resetchannels -@all")]
    [InlineData("on >a ~k +get (~a) reset", "off sanitize-payload resetchannels -@all")]
    [InlineData("()", "off sanitize-payload resetchannels -@all (resetchannels -@all)")]
    public void Shown(string rules, string shown)
    {
        Assert.Null(_access.Set("u", rules));
        Assert.Equal(shown, _access.RulesOf("u"));
    }

    [Theory]
    [InlineData("nosuch", "Error in ACL SETUSER modifier 'nosuch': Syntax error")]
    [InlineData("+nosuch", "Error in ACL SETUSER modifier '+nosuch': Unknown command or category name in ACL")]
    [InlineData("-@nosuch", "Error in ACL SETUSER modifier '-@nosuch': Unknown command or category name in ACL")]
    [InlineData("+config|nosuch", "Error in ACL SETUSER modifier '+config|nosuch': Unknown command or category name in ACL")]
    [InlineData("+config|get|x", "Error in ACL SETUSER modifier '+config|get|x': Allowing first-arg of a subcommand is not supported")]
    [InlineData("-get|x", "Error in ACL SETUSER modifier '-get|x': Unknown command or category name in ACL")]
    [InlineData("+get|", "Error in ACL SETUSER modifier '+get|': Syntax error")]
    [InlineData("%", "Error in ACL SETUSER modifier '%': Syntax error")]
    [InlineData("%~a", "Error in ACL SETUSER modifier '%~a': Syntax error")]
    [InlineData("%RR~a", "Error in ACL SETUSER modifier '%RR~a': Syntax error")]
    [InlineData("<nosuch", "Error in ACL SETUSER modifier '<nosuch': The password you are trying to remove from the user does not exist")]
    [InlineData("db=", "Error in ACL SETUSER modifier 'db=': Syntax error")]
    [InlineData("db=1,", "Error in ACL SETUSER modifier 'db=1,': Syntax error")]
    [InlineData("db=-1", "Error in ACL SETUSER modifier 'db=-1': The provided database ID is out of range")]
    [InlineData("(+get", "Unmatched parenthesis in acl selector starting at '(+get'.")]
    [InlineData("(on)", "Error in ACL SETUSER modifier '(on)': Syntax error")]
    public void Refused(string rule, string problem)
    {
        Assert.Null(_access.Set("u", "on +get"));
        string before = _access.RulesOf("u");

        Assert.Equal(problem, _access.Set("u", "+set " + rule));

        Assert.Equal(before, _access.RulesOf("u"));
    }

    [Fact]
    public void Patterns_after_all_are_refused()
    {
        Assert.Contains("'allkeys' flag", _access.Set("u", "allkeys ~x"), StringComparison.Ordinal);
        Assert.Contains("'allchannels' flag", _access.Set("u", "allchannels &x"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_hash_is_64_lower_case_digits()
    {
        Assert.Null(_access.Set("u", Hash));
        Assert.NotNull(_access.Set("u", Hash[..^1]));
        Assert.NotNull(_access.Set("u", Hash.ToUpperInvariant()));
        Assert.Null(_access.Set("u", "!" + Hash[1..]));
        Assert.Equal("off sanitize-payload resetchannels -@all", _access.RulesOf("u"));
    }

    [Fact]
    public void A_pattern_with_quotes_in_a_selector_comes_back()
    {
        Assert.Null(_access.Users.Set("u"u8, [AccessFixture.Bytes("(\"~a\\\"b'c\" +get)")]));
        string shown = _access.RulesOf("u");

        Assert.Null(_access.Set("v", shown));

        Assert.Equal(shown, _access.RulesOf("v"));
        Assert.True(_access.Admits("v", "get a\"b'c"));
        Assert.False(_access.Admits("v", "get a"));
    }

    [Fact]
    public void A_pattern_in_a_selector_that_would_close_it_comes_back()
    {
        Assert.Null(_access.Users.Set("u"u8, [AccessFixture.Bytes("(~a) +select|0) &c) +get)")]));
        string shown = _access.RulesOf("u");
        Assert.Equal(
            "off sanitize-payload resetchannels -@all (\"~a)\" resetchannels \"&c)\" -@all \"+select|0)\" +get)", shown);

        Assert.Null(_access.Set("v", shown));

        Assert.Equal(shown, _access.RulesOf("v"));
        Assert.True(_access.Admits("v", "get a)"));
    }

    [Theory]
    [InlineData("+get ~k*", "get k1", DenialReason.None, 0)]
    [InlineData("+get ~k*", "get x", DenialReason.Key, 1)]
    [InlineData("+get ~k*", "set k v", DenialReason.Command, 0)]
    [InlineData("+@all %R~r %W~w", "get w", DenialReason.Key, 1)]
    [InlineData("+@all %R~r %W~w", "lpush w v", DenialReason.None, 0)]
    [InlineData("+@all %R~r %W~w", "lpush r v", DenialReason.Key, 1)]
    [InlineData("+@all %R~r %W~w", "exists w r", DenialReason.None, 0)]
    [InlineData("+@all %R~r %W~w", "copy r w", DenialReason.None, 0)]
    [InlineData("+@all %R~r %W~w", "copy w r", DenialReason.Key, 1)]
    [InlineData("+@all ~a", "mget a b", DenialReason.Key, 2)]
    [InlineData("+@all ~a", "sintercard 2 a b", DenialReason.Key, 3)]
    [InlineData("+@all ~a", "sintercard 9 a b", DenialReason.None, 0)]
    [InlineData("+@all ~a", "get", DenialReason.None, 0)]
    [InlineData("+@all", "publish c m", DenialReason.Channel, 1)]
    [InlineData("+@all &c*", "publish c1 m", DenialReason.None, 0)]
    [InlineData("+@all &c*", "spublish d m", DenialReason.Channel, 1)]
    [InlineData("+@all &c*", "subscribe c1 d", DenialReason.Channel, 2)]
    [InlineData("+@all &c*", "psubscribe c*", DenialReason.None, 0)]
    [InlineData("+@all &c*", "psubscribe c1*", DenialReason.Channel, 1)]
    [InlineData("+@all &c*", "unsubscribe d", DenialReason.None, 0)]
    [InlineData("+select|0", "select 0", DenialReason.None, 0)]
    [InlineData("+select|0", "select 1", DenialReason.Command, 0)]
    [InlineData("+select|0", "select", DenialReason.Command, 0)]
    [InlineData("+config -config|set", "config get x", DenialReason.None, 0)]
    [InlineData("+config -config|set", "config set x y", DenialReason.Command, 0)]
    [InlineData("-@all", "auth x", DenialReason.None, 0)]
    [InlineData("+@all -@all +@read", "set k v", DenialReason.Command, 0)]
    [InlineData("(+get ~a) (+set ~b)", "get a", DenialReason.None, 0)]
    [InlineData("(+get ~a) (+set ~b)", "get b", DenialReason.Key, 1)]
    [InlineData("(+get ~a) (+set ~b)", "lpush a v", DenialReason.Command, 0)]
    [InlineData("+mget ~a (+mget ~a ~b)", "mget a b c", DenialReason.Key, 3)]
    [InlineData("(%R~a +@all) (%W~b +@all)", "copy a b", DenialReason.Key, 2)]
    public void Decided(string rules, string request, DenialReason reason, int index)
    {
        Assert.Null(_access.Set("u", rules));
        Assert.Equal(new Denial(reason, index), _access.Check("u", request));
    }

    [Theory]
    [InlineData("get k", 0, DenialReason.None, 0)]
    [InlineData("get k", 1, DenialReason.Database, 0)]
    [InlineData("ping", 1, DenialReason.None, 0)]
    [InlineData("select 3", 1, DenialReason.None, 0)]
    [InlineData("select 1", 0, DenialReason.Database, 1)]
    [InlineData("select x", 0, DenialReason.None, 0)]
    [InlineData("swapdb 0 3", 0, DenialReason.None, 0)]
    [InlineData("swapdb 0 2", 0, DenialReason.Database, 2)]
    [InlineData("copy a b DB 3", 0, DenialReason.None, 0)]
    [InlineData("copy a b db 2", 0, DenialReason.Database, 4)]
    [InlineData("copy a b DB 0", 1, DenialReason.Database, 0)]
    [InlineData("copy a b DB 3 DB 2", 0, DenialReason.Database, 6)]
    [InlineData("flushall", 0, DenialReason.Database, 0)]
    public void Databases(string request, int database, DenialReason reason, int index)
    {
        Assert.Null(_access.Set("u", "+@all ~* &* db=0,3"));
        Assert.Equal(new Denial(reason, index), _access.Check("u", request, database));
    }

    [Fact]
    public void Random_rules_come_back_and_mean_the_same()
    {
        string[] rules =
        [
            "+get", "-get", "+set", "-@write", "+@read", "+@all", "-@all", "~a*", "%R~r", "%W~w", "&c*", "&d", "allkeys", "resetkeys",
            "+config", "-config|set", "+select|0", "-select", "db=0,1", "alldbs", "on", "nopass", ">p", "(+get ~a)", "(+@all %R~r &c*)",
            "clearselectors", "+@pubsub", "-@fast", "resetchannels", "allchannels",
        ];
        string[] requests =
        [
            "get a1", "get b", "set a1 v", "mget r w", "config get x", "config set x y", "select 0", "select 7", "publish c1 m",
            "publish d m", "exists w", "copy r w", "lpush w 1", "ping",
        ];
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int i = 0; i < 500; i++)
        {
            string given = string.Join(' ', Enumerable.Range(0, random.Next(1, 12)).Select(_ => rules[random.Next(rules.Length)]));
            _access.Set("u", "reset");
            if (_access.Set("u", given) is not null)
            {
                continue;
            }
            Assert.Null(_access.Set("v", "reset " + _access.RulesOf("u")));
            Assert.True(_access.RulesOf("u") == _access.RulesOf("v"), $"seed {seed}: {given}");
            foreach (string request in requests)
            {
                Assert.True(_access.Check("u", request, i & 3) == _access.Check("v", request, i & 3), $"seed {seed}: {given}: {request}");
            }
        }
    }

    public void Dispose() => _access.Dispose();
}
