using System.Text;
using Bixbite.Http.Replies;

namespace Bixbite.Http.Console;

/// <summary>GET /console/...: the console's files, which say nothing of the data and are anybody's, and its socket.</summary>
internal sealed class ConsolePages(ConsoleFiles files, ConsoleSocket socket)
{
    private const string Root = "/console/";

    public static bool Has(ReadOnlySpan<byte> path) => path.SequenceEqual("/"u8) || path.SequenceEqual("/console"u8)
        || path.StartsWith("/console/"u8);

    public AnswerResult Answer(in Exchange exchange)
    {
        string path = Encoding.ASCII.GetString(exchange.Request.Path);
        if (!path.StartsWith(Root, StringComparison.Ordinal))
        {
            exchange.Reply.Begin(HttpStatus.PermanentRedirect, exchange.UnixMs);
            exchange.Reply.Field("Location"u8, Root);
            exchange.Reply.EndText("The console is at " + Root);
            return AnswerResult.Replied;
        }
        string name = path[Root.Length..];
        if (name == "socket")
        {
            return socket.Answer(exchange);
        }
        return files.Find(name.Length == 0 ? "index.html" : name) is { } file
            ? Send(file, exchange)
            : exchange.Text(HttpStatus.NotFound, "The console has no such file.");
    }

    private static AnswerResult Send(ConsoleFile file, in Exchange exchange)
    {
        if (exchange.Request.Field("accept-encoding"u8).IndexOf("gzip"u8) < 0)
        {
            return exchange.Text(HttpStatus.NotAcceptable, "The console is kept compressed: accept gzip, as every browser does.");
        }
        HttpReply reply = exchange.Reply;
        bool isKnown = exchange.Request.HasToken("if-none-match"u8, Encoding.ASCII.GetBytes(file.Tag));
        reply.Begin(isKnown ? HttpStatus.NotModified : HttpStatus.Ok, exchange.UnixMs);
        reply.Field("ETag"u8, file.Tag);
        reply.Field("Cache-Control"u8, "no-cache"u8);
        reply.Field("Vary"u8, "Accept-Encoding"u8);
        if (!isKnown)
        {
            reply.Field("Content-Type"u8, file.ContentType);
            reply.Field("Content-Encoding"u8, "gzip"u8);
        }
        reply.End(file.Compressed);
        return AnswerResult.Replied;
    }
}
