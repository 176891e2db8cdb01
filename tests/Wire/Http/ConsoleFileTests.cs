using System.IO.Compression;
using System.Net;
using System.Text;
using Bixbite.Unit.Configuration;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Http;

/// <summary>The files of the console, as browsers get them.</summary>
public sealed class ConsoleFileTests
{
    private const string Folder = "src/Console/dist";

    [Fact]
    public async Task Each_is_served_as_it_was_built()
    {
        using HttpServer server = HttpServer.Start("--requirepass", "secret");
        string[] files = FilesOf();
        Assert.SkipWhen(files.Length == 0, "there is no console yet");
        foreach (string file in files)
        {
            string name = Path.GetFileName(file);
            using HttpResponseMessage response = await GetAsync(server, "/console/" + name);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("gzip", response.Content.Headers.ContentEncoding.Single());
            Assert.NotNull(response.Content.Headers.ContentType);
            Assert.Equal(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), await ReadAsync(response));
            Assert.Contains("script-src 'self'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
            string tag = response.Headers.ETag!.ToString();
            using HttpResponseMessage again = await server.GetAsync("/console/" + name, change: request =>
            {
                request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
                request.Headers.TryAddWithoutValidation("If-None-Match", tag);
            });
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        }
    }

    [Fact]
    public async Task The_console_is_found()
    {
        using HttpServer server = HttpServer.Start();
        using HttpResponseMessage root = await server.GetAsync("/");
        Assert.Equal(HttpStatusCode.PermanentRedirect, root.StatusCode);
        Assert.Equal("/console/", root.Headers.Location!.OriginalString);
        using HttpResponseMessage console = await server.GetAsync("/console");
        Assert.Equal(HttpStatusCode.PermanentRedirect, console.StatusCode);
        Assert.SkipWhen(FilesOf().Length == 0, "there is no console yet");
        using HttpResponseMessage page = await GetAsync(server, "/console/");
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains("<html", Encoding.UTF8.GetString(await ReadAsync(page)), StringComparison.OrdinalIgnoreCase);
        using HttpResponseMessage plain = await server.GetAsync("/console/");
        Assert.Equal(HttpStatusCode.NotAcceptable, plain.StatusCode);
    }

    [Theory]
    [InlineData("/console/none.js")]
    [InlineData("/console/../metrics")]
    [InlineData("/console/%2e%2e/metrics")]
    [InlineData("/console//")]
    [InlineData("/consolex")]
    public void Others_are_not_there(string path)
    {
        using HttpServer server = HttpServer.Start();
        string reply = server.Converse($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 404 ", reply, StringComparison.Ordinal);
    }

    private static string[] FilesOf() => Directory.Exists(Repository.File(Folder)) ? Directory.GetFiles(Repository.File(Folder)) : [];

    private static Task<HttpResponseMessage> GetAsync(HttpServer server, string path) => server.GetAsync(
        path, change: static request => request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, br"));

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response)
    {
        await using Stream body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await using GZipStream plain = new(body, CompressionMode.Decompress);
        using MemoryStream bytes = new();
        await plain.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        return bytes.ToArray();
    }
}
