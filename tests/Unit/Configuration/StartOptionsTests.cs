using Bixbite.Configuration.ConfigFiles;
using Xunit;

namespace Bixbite.Unit.Configuration;

public sealed class StartOptionsTests
{
    [Theory]
    [InlineData("--port 7000 --bind a b", "port \"7000\"|bind \"a\" \"b\"")]
    [InlineData("--save --port 1", "save \"\"|port \"1\"")]
    [InlineData("--port 1 --save", "port \"1\"|save \"\"")]
    [InlineData("--requirepass --secret --port 1", "requirepass \"--secret\"|port \"1\"")]
    [InlineData("--port", "port")]
    [InlineData("x.conf 3", "\"3\"")]
    public void OptionsAreLines(string line, string lines) =>
        Assert.Equal(lines, string.Join('|', StartOptions.Parse(line.Split(' ')).Lines));

    [Fact]
    public void AnEmptyValueIsAValue() =>
        Assert.Equal(["save \"\"", "port \"1\""], StartOptions.Parse(["--save", "", "--port", "1"]).Lines);

    [Fact]
    public void OneWordMayHoldNameAndValue() =>
        Assert.Equal(["port 1", "bind a b"], StartOptions.Parse(["--port 1", "--bind a b"]).Lines);

    [Fact]
    public void TheFileComesFirstAndADashReadsStandardInput()
    {
        StartOptions options = StartOptions.Parse(["some.conf", "--port", "1", "-"]);
        Assert.Equal(Path.GetFullPath("some.conf"), options.ConfigPath);
        Assert.True(options.ReadsStandardInput);
        Assert.Equal(["port \"1\""], options.Lines);

        Assert.True(StartOptions.Parse(["-"]).ReadsStandardInput);
        Assert.Null(StartOptions.Parse(["-"]).ConfigPath);
        Assert.False(StartOptions.Parse(["--logfile", "-", "--port", "1"]).ReadsStandardInput);
    }

    [Fact]
    public void SomeOptionsServeNobody()
    {
        Assert.Equal(StartAction.ShowVersion, StartOptions.Parse(["-v"]).Action);
        Assert.Equal(StartAction.ShowVersion, StartOptions.Parse(["--version"]).Action);
        Assert.Equal(StartAction.ShowHelp, StartOptions.Parse(["--help"]).Action);
        Assert.Equal(StartAction.Serve, StartOptions.Parse([]).Action);
    }
}
