using System.Text;
using Bixbite.Http;
using Bixbite.Http.Requests;
using Xunit;

namespace Bixbite.Unit.Http.Requests;

/// <summary>What is a request, and what is refused because two readers could read it in two ways.</summary>
public sealed class RequestParserTests
{
    private readonly RequestParser _parser = new();

    [Fact]
    public void ARequestIsTakenApart()
    {
        const string Text = "GET /console/a.js?v=1 HTTP/1.1\r\nHost: here:80\r\nACCEPT:  text/html , */* \r\nAccept: gzip\r\n"
            + "Connection: Keep-Alive, Upgrade\r\nX-Empty:\r\n\r\n";
        Assert.Equal(HttpStatus.None, _parser.Parse(Encoding.ASCII.GetBytes(Text), out RequestHead request));
        Assert.Equal("GET"u8, request.Method);
        Assert.Equal("/console/a.js"u8, request.Path);
        Assert.True(request.IsVersion11);
        Assert.True(request.KeepsAlive);
        Assert.False(request.IsHead);
        Assert.Equal("here:80"u8, request.Field("host"u8));
        Assert.Equal("text/html , */*"u8, request.Field("Accept"u8));
        Assert.Equal(2, request.CountOf("accept"u8));
        Assert.True(request.HasToken("accept"u8, "GZIP"u8));
        Assert.True(request.HasToken("accept"u8, "*/*"u8));
        Assert.False(request.HasToken("accept"u8, "text"u8));
        Assert.True(request.HasToken("connection"u8, "upgrade"u8));
        Assert.True(request.Field("x-empty"u8).IsEmpty);
        Assert.True(request.Field("x-other"u8).IsEmpty);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n", true)]
    [InlineData("GET / HTTP/1.0\r\n\r\n", false)]
    [InlineData("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true)]
    public void TheConnectionGoesOnOrNot(string text, bool keepsAlive)
    {
        Assert.Equal(HttpStatus.None, _parser.Parse(Encoding.ASCII.GetBytes(text), out RequestHead request));
        Assert.Equal(keepsAlive, request.KeepsAlive);
    }

    [Theory]
    [InlineData("http://here:80/metrics?x", "/metrics")]
    [InlineData("http://here", "/")]
    [InlineData("/", "/")]
    [InlineData("/?", "/")]
    [InlineData("*", "*")]
    public void TheTargetHasAPath(string target, string path)
    {
        byte[] text = Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal(HttpStatus.None, _parser.Parse(text, out RequestHead request));
        Assert.Equal(path, Encoding.ASCII.GetString(request.Path));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", HttpStatus.None)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", HttpStatus.BadRequest)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", HttpStatus.BadRequest)]
    [InlineData("GET / HTTP/1.1\r\nHost : a\r\n\r\n", HttpStatus.BadRequest)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", HttpStatus.BadRequest)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", HttpStatus.BadRequest)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n", HttpStatus.BadRequest)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", HttpStatus.BadRequest)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", HttpStatus.BadRequest)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n", HttpStatus.ContentTooLarge)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", HttpStatus.ContentTooLarge)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +0\r\n\r\n", HttpStatus.BadRequest)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", HttpStatus.BadRequest)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n", HttpStatus.BadRequest)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", HttpStatus.NotImplemented)]
    [InlineData("GET / HTTP/2.0\r\nHost: a\r\n\r\n", HttpStatus.HttpVersionNotSupported)]
    [InlineData("GET / HTTP/1.1x\r\nHost: a\r\n\r\n", HttpStatus.BadRequest)]
    [InlineData("GET / http/1.1\r\nHost: a\r\n\r\n", HttpStatus.BadRequest)]
    [InlineData("GET /\r\nHost: a\r\n\r\n", HttpStatus.BadRequest)]
    [InlineData("GET  HTTP/1.1\r\nHost: a\r\n\r\n", HttpStatus.BadRequest)]
    [InlineData(" GET / HTTP/1.1\r\nHost: a\r\n\r\n", HttpStatus.BadRequest)]
    [InlineData("G(T / HTTP/1.1\r\nHost: a\r\n\r\n", HttpStatus.BadRequest)]
    [InlineData("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", HttpStatus.BadRequest)]
    [InlineData("GET /\u00e4 HTTP/1.1\r\nHost: a\r\n\r\n", HttpStatus.BadRequest)]
    [InlineData("GET path HTTP/1.1\r\nHost: a\r\n\r\n", HttpStatus.BadRequest)]
    [InlineData("CONNECT here:80 HTTP/1.1\r\nHost: a\r\n\r\n", HttpStatus.BadRequest)]
    [InlineData("*3\r\n$3\r\nSET\r\n\r\n", HttpStatus.BadRequest)]
    public void WhatIsAmbiguousIsRefused(string text, HttpStatus status) =>
        Assert.Equal(status, _parser.Parse(Encoding.Latin1.GetBytes(text), out _));

    [Fact]
    public void ThereMayBeSoManyFields()
    {
        string fields = string.Concat(Enumerable.Repeat("X: y\r\n", RequestParser.FieldsMax - 1));
        Assert.Equal(HttpStatus.None, _parser.Parse(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: a\r\n{fields}\r\n"), out _));
        Assert.Equal(
            HttpStatus.RequestHeaderFieldsTooLarge,
            _parser.Parse(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: a\r\n{fields}X: y\r\n\r\n"), out _));
    }

    [Theory]
    [InlineData("Basic YTpi", "a", "b")]
    [InlineData("basic   YTo=", "a", "")]
    [InlineData("BASIC OmI6Yw==", "", "b:c")]
    public void CredentialsAreRead(string value, string name, string password)
    {
        (byte[] Name, byte[] Password)? read = BasicCredentials.Read(Encoding.ASCII.GetBytes(value));
        Assert.Equal(name, Encoding.UTF8.GetString(read!.Value.Name));
        Assert.Equal(password, Encoding.UTF8.GetString(read.Value.Password));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Basic")]
    [InlineData("Basic YWI=")]
    [InlineData("Basic !!")]
    [InlineData("Bearer YTpi")]
    public void OthersAreNone(string value) => Assert.Null(BasicCredentials.Read(Encoding.ASCII.GetBytes(value)));

    [Fact]
    public void LongOnesAreNone() =>
        Assert.Null(BasicCredentials.Read(Encoding.ASCII.GetBytes("Basic " + Convert.ToBase64String(new byte[10_000]))));
}
