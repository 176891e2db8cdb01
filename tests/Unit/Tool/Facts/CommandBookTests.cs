using Bixbite.Commands;
using Bixbite.Tool.Cli;
using Bixbite.Tool.Facts;
using Xunit;

namespace Bixbite.Unit.Tool.Facts;

/// <summary>What the prompt knows of commands is what the server's own table says.</summary>
public sealed class CommandBookTests
{
    private readonly CommandBook _book = new();

    [Fact]
    public void EveryCommand_IsCompleted_HintedAndHelped()
    {
        CommandAid aid = new(_book);
        foreach (string[] words in CommandCatalog.Declared.Select(spec => spec.Declaration.Name.Split('|')))
        {
            string line = string.Join(' ', words);
            Assert.Contains(line, aid.Complete(line[..^1]));
            Assert.Contains(line.ToUpperInvariant(), aid.Complete(line[..^1].ToUpperInvariant()));
            Assert.StartsWith("\n  " + line.ToUpperInvariant(), _book.Help(words), StringComparison.Ordinal);
            _ = aid.Hint(line);
        }
    }

    [Theory]
    [InlineData("clien", "client")]
    [InlineData("CLIENT NO", "CLIENT NO-EVICT|CLIENT NO-TOUCH")]
    [InlineData("zadd key g", "zadd key gt")]
    [InlineData("ZADD key G", "ZADD key GT")]
    [InlineData("help cou", "")]
    [InlineData("help comma", "help command|help commandlog")]
    [InlineData("help @strea", "help @stream")]
    [InlineData("help client no-e", "help client no-evict")]
    [InlineData("nonsense x", "")]
    [InlineData("get \"a", "")]
    [InlineData("5 ge", "")]
    public void Lines_AreCompleted(string start, string expected) =>
        Assert.Equal(expected, string.Join('|', new CommandAid(_book).Complete(start)));

    [Theory]
    [InlineData("get", " key")]
    [InlineData("get ", "key")]
    [InlineData("get a", "")]
    [InlineData("hset h", " field value [field value ...]")]
    [InlineData("lpush l", " element [element ...]")]
    [InlineData("expire k 10", " [NX | XX | GT | LT]")]
    [InlineData("client", " subcommand")]
    [InlineData("client getname", "")]
    [InlineData("nonsense", "")]
    [InlineData("", "")]
    [InlineData("set \"a", "")]
    public void WhatIsStillToCome_IsHinted(string line, string expected) => Assert.Equal(expected, new CommandAid(_book).Hint(line));

    [Theory]
    [InlineData("@nosuch", "no group")]
    [InlineData("gett", "did you mean 'GET'?")]
    public void Help_NamesWhatIsNotThere(string word, string told) => Assert.Contains(told, _book.Help([word]), StringComparison.Ordinal);

    [Theory]
    [InlineData("auth word", true)]
    [InlineData("AUTH name word", true)]
    [InlineData("hello 3 auth name word", true)]
    [InlineData("acl setuser alice >word", true)]
    [InlineData("5 acl setuser alice >word", true)]
    [InlineData("config set maxmemory 1 requirepass word", true)]
    [InlineData("migrate h 1 k 0 1 AUTH2 name word", true)]
    [InlineData("auth \"half", true)]
    [InlineData("config get requirepass", true)]
    [InlineData("acl whoami", false)]
    [InlineData("set requirepass x", false)]
    [InlineData("", false)]
    public void Secrets_AreKnown(string line, bool expected) =>
        Assert.Equal(expected, Secrets.AreIn(System.Text.Encoding.UTF8.GetBytes(line)));
}
