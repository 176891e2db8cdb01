using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bixbite.Wire.Telemetry;

/// <summary>Takes OTLP over HTTP, or does not: it may refuse, or never answer.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _site;
    private readonly ConcurrentQueue<byte[]> _bodies = new();
    private readonly ConcurrentQueue<ReceivedNumber> _numbers = new();
    private readonly ConcurrentQueue<ReceivedSpan> _spans = new();
    private readonly ConcurrentQueue<string> _services = new();
    private readonly CancellationTokenSource _end = new();
    private int _requestCount;

    private Collector(int port)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, port));
        _site = builder.Build();
        _site.MapPost("/v1/metrics", context => TakeAsync(context, Take));
        _site.MapPost("/v1/traces", context => TakeAsync(context, TakeSpans));
    }

    public Uri Address => new(_site.Urls.First());

    /// <summary>Requests, taken or not.</summary>
    public int RequestCount => Volatile.Read(ref _requestCount);

    /// <summary>Where it is not 200, all requests are answered so; 0 is never.</summary>
    public int Status { get; set; } = 200;

    public IReadOnlyCollection<ReceivedNumber> Numbers => _numbers;

    public IReadOnlyCollection<ReceivedSpan> Spans => _spans;

    public IReadOnlyCollection<string> Services => _services;

    /// <summary>Spans that are within no other.</summary>
    public IEnumerable<ReceivedSpan> Requests => _spans.Where(static span => span.ParentId.Length == 0);

    /// <summary>Whether anything that came has these bytes in it.</summary>
    public bool HasSeen(string text) => _bodies.Any(body => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    public static async Task<Collector> StartAsync(int port = 0)
    {
        Collector collector = new(port);
        await collector._site.StartAsync();
        return collector;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _site.DisposeAsync();
        _end.Dispose();
    }

    private async Task TakeAsync(HttpContext context, Action<ProtoMessage> take)
    {
        Interlocked.Increment(ref _requestCount);
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (Status == 0)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, context.RequestAborted);
            await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }
        context.Response.StatusCode = Status;
        if (Status == 200)
        {
            Assert.Equal("application/x-protobuf", context.Request.ContentType);
            _bodies.Enqueue(body.ToArray());
            take(new ProtoMessage(body.ToArray()));
        }
    }

    private void Take(ProtoMessage request)
    {
        foreach (ProtoMessage resource in request.All(1))
        {
            _services.Enqueue(ReceivedTags.Of(resource.Message(1), 1)["service.name"]);
        }
        foreach (ReceivedNumber number in ReceivedNumber.ReadAll(request))
        {
            _numbers.Enqueue(number);
        }
    }

    private void TakeSpans(ProtoMessage request)
    {
        foreach (ReceivedSpan span in ReceivedSpan.ReadAll(request))
        {
            _spans.Enqueue(span);
        }
    }
}
