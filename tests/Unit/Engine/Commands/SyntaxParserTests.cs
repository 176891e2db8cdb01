using Bixbite.Engine.Commands;
using Xunit;

namespace Bixbite.Unit.Engine.Commands;

public sealed class SyntaxParserTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("key value", "key:Key#0 value:String")]
    [InlineData("key ...", "key:Key#0+")]
    [InlineData("key newkey:key", "key:Key#0 newkey:Key#1")]
    [InlineData("key1:key key2:key third:key", "key1:Key#0 key2:Key#1 third:Key#1")]
    [InlineData("timeout:double unix-time-seconds", "timeout:Double unix-time-seconds:UnixTime")]
    [InlineData("[GET]", "get:PureToken=GET?")]
    [InlineData("EX seconds", "seconds:Integer=EX")]
    [InlineData("[condition: NX | XX]", "condition:OneOf?{nx:PureToken=NX xx:PureToken=XX}")]
    [InlineData("(NX | XX)", "nx-xx:OneOf{nx:PureToken=NX xx:PureToken=XX}")]
    [InlineData("(data: key value) ...", "data:Block+{key:Key#0 value:String}")]
    [InlineData("[LIMIT (limit: offset count)]", "limit:Block=LIMIT?{offset:Integer count:Integer}")]
    [InlineData("[BY by:pattern@1] [(GET get:pattern@1) ...]", "by:Pattern#1=BY? get:Pattern#1=GET?+*")]
    [InlineData("[GET pattern ...]", "pattern:Pattern=GET?+")]
    [InlineData("(id: id | last=$)", "id:OneOf{id:String last:PureToken=$}")]
    [InlineData("[GET@6.2.0] EX seconds@2.6.12", "get:PureToken=GET?>6.2.0 seconds:Integer=EX>2.6.12")]
    [InlineData("[x@7.0.0: A | id:integer@until-2.8.12]", "x:OneOf?>7.0.0{a:PureToken=A id:Integer<2.8.12}")]
    [InlineData("[change=CH@3.0.2] (one@1.2.3: a b)", "change:PureToken=CH?>3.0.2 one:Block>1.2.3{a:String b:String}")]
    [InlineData("[x: a | [B] c]", "x:OneOf?{a:String b-c:Block{b:PureToken=B? c:String}}")]
    public void ReadsATree(string syntax, string tree) => Assert.Equal(tree, Show(SyntaxParser.Parse(syntax, 2, out _)!));

    [Theory]
    [InlineData("[key")]
    [InlineData("key]")]
    [InlineData("(a | )")]
    [InlineData("[]")]
    [InlineData("... key")]
    [InlineData("a:nothing")]
    [InlineData("a@x")]
    [InlineData("a | b")]
    public void RefusesBadSyntax(string syntax)
    {
        Assert.Null(SyntaxParser.Parse(syntax, 1, out string error));
        Assert.NotEmpty(error);
    }

    private static string Show(IEnumerable<SyntaxArgument> arguments) => string.Join(" ", arguments.Select(Show));

    private static string Show(SyntaxArgument argument) =>
        argument.Name + ":" + argument.Type
        + (argument.KeySpecIndex >= 0 ? "#" + argument.KeySpecIndex : "")
        + (argument.Token is null ? "" : "=" + argument.Token)
        + (argument.IsOptional ? "?" : "") + (argument.IsMultiple ? "+" : "") + (argument.IsTokenMultiple ? "*" : "")
        + (argument.Since.Length > 0 ? ">" + argument.Since : "")
        + (argument.DeprecatedSince.Length > 0 ? "<" + argument.DeprecatedSince : "")
        + (argument.Arguments.Count > 0 ? "{" + Show(argument.Arguments) + "}" : "");
}
