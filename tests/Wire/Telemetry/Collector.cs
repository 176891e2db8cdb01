using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Bixbite.Wire.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Bixbite.Wire.Telemetry;

/// <summary>Takes OTLP over HTTP or gRPC, or does not: it may refuse, never answer, break off.</summary>
internal sealed class Collector : IAsyncDisposable
{
    /// <summary>Of gRPC: one byte that tells of compression, four with the message's length.</summary>
    private const int FrameHeadSize = 5;

    private readonly WebApplication _site;
    private readonly bool _isGrpc;
    private readonly ConcurrentQueue<byte[]> _bodies = new();
    private readonly ConcurrentQueue<ReceivedNumber> _numbers = new();
    private readonly ConcurrentQueue<ReceivedSpan> _spans = new();
    private readonly ConcurrentQueue<string> _services = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly CancellationTokenSource _end = new();

    private Collector(int port, bool isGrpc, TestCertificate? certificate)
    {
        _isGrpc = isGrpc;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = isGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1;
            if (certificate is not null)
            {
                listen.UseHttps(certificate.Certificate, https =>
                {
                    https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                    https.ClientCertificateValidation = static (client, _, _) => client.Subject == "CN=alice";
                });
            }
        }));
        _site = builder.Build();
        _site.MapPost("/{**path}", TakeAsync);
    }

    public Uri Address => new(_site.Urls.First());

    /// <summary>Requests, taken or not.</summary>
    public int RequestCount => _requests.Count;

    /// <summary>The path of each request, and what its header <c>x-key</c> says.</summary>
    public IReadOnlyCollection<string> RequestLines => _requests;

    /// <summary>How all requests are answered; null is as they should be.</summary>
    public CollectorAnswer? Answer { get; set; }

    public IReadOnlyCollection<ReceivedNumber> Numbers => _numbers;

    public IReadOnlyCollection<ReceivedSpan> Spans => _spans;

    public IReadOnlyCollection<string> Services => _services;

    /// <summary>Spans that are within no other.</summary>
    public IEnumerable<ReceivedSpan> Requests => _spans.Where(static span => span.ParentId.Length == 0);

    /// <summary>Whether anything that came has these bytes in it.</summary>
    public bool HasSeen(string text) => _bodies.Any(body => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    /// <summary>With a certificate it wants one of "alice" from those who come.</summary>
    public static async Task<Collector> StartAsync(int port = 0, bool isGrpc = false, TestCertificate? certificate = null)
    {
        Collector collector = new(port, isGrpc, certificate);
        await collector._site.StartAsync();
        return collector;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _site.DisposeAsync();
        _end.Dispose();
    }

    private async Task TakeAsync(HttpContext context)
    {
        _requests.Enqueue($"{context.Request.Path} {context.Request.Headers["x-key"]}");
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (Answer is { } answer)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, context.RequestAborted);
            await answer(context, either.Token);
            return;
        }
        Assert.Equal(_isGrpc ? "application/grpc" : "application/x-protobuf", context.Request.ContentType);
        ReadOnlyMemory<byte> message = body.ToArray();
        if (_isGrpc)
        {
            Assert.Equal(0, message.Span[0]);
            message = message[FrameHeadSize..];
        }
        Keep(message.ToArray(), context.Request.Path.Value!.Contains("metrics", StringComparison.Ordinal));
        if (_isGrpc)
        {
            await CollectorAnswers.Grpc("0")(context, context.RequestAborted);
        }
    }

    private void Keep(byte[] message, bool isOfNumbers)
    {
        _bodies.Enqueue(message);
        ProtoMessage request = new(message);
        if (!isOfNumbers)
        {
            foreach (ReceivedSpan span in ReceivedSpan.ReadAll(request))
            {
                _spans.Enqueue(span);
            }
            return;
        }
        foreach (ProtoMessage resource in request.All(1))
        {
            _services.Enqueue(ReceivedTags.Of(resource.Message(1), 1)["service.name"]);
        }
        foreach (ReceivedNumber number in ReceivedNumber.ReadAll(request))
        {
            _numbers.Enqueue(number);
        }
    }
}
