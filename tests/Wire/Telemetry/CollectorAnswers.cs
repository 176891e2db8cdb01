using Microsoft.AspNetCore.Http;

namespace Bixbite.Wire.Telemetry;

/// <summary>Answers a request of OTLP that was received whole; the token says that nobody waits for the answer any more.</summary>
internal delegate Task CollectorAnswer(HttpContext context, CancellationToken end);

/// <summary>The ways in which a collector answers.</summary>
internal static class CollectorAnswers
{
    /// <summary>An answer that never ends does so after all, where nobody breaks it off.</summary>
    public const long EndlessMax = 1 << 30;

    /// <summary>Also where nobody is to come back for an hour, and to another place.</summary>
    public static CollectorAnswer Status(int status) => (context, _) =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.RetryAfter = "3600";
        context.Response.Headers.Location = "/elsewhere";
        return Task.CompletedTask;
    };

    /// <summary>An empty message, and behind it the status of gRPC if there is one.</summary>
    public static CollectorAnswer Grpc(string? status) => async (context, end) =>
    {
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[5], end);
        if (status is not null)
        {
            context.Response.AppendTrailer("grpc-status", status);
            context.Response.AppendTrailer("grpc-message", "so it is");
        }
    };

    public static async Task Never(HttpContext context, CancellationToken end) =>
        await Task.Delay(Timeout.Infinite, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public static Task Gone(HttpContext context, CancellationToken end)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    public static async Task HalfAndGone(HttpContext context, CancellationToken end)
    {
        await BeginAsync(context, end);
        context.Abort();
    }

    public static async Task HalfAndNoMore(HttpContext context, CancellationToken end)
    {
        await BeginAsync(context, end);
        await Never(context, end);
    }

    /// <summary>
    /// Bytes without an end. How many are written says nothing of the reader: Kestrel goes on taking them for a while after the connection
    /// was broken off, and drops them.
    /// </summary>
    public static async Task Endless(HttpContext context, CancellationToken end)
    {
        byte[] bytes = new byte[1 << 16];
        try
        {
            for (long sent = 0; sent < EndlessMax; sent += bytes.Length)
            {
                await context.Response.Body.WriteAsync(bytes, end);
            }
        }
        catch (OperationCanceledException)
        {
            // Broken off by who was to read it.
        }
    }

    private static async Task BeginAsync(HttpContext context, CancellationToken end)
    {
        context.Response.ContentLength = 1000;
        await context.Response.Body.WriteAsync(new byte[10], end);
        await context.Response.Body.FlushAsync(end);
    }
}
