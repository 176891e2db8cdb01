using System.Diagnostics;
using Bixbite.Engine.Lifecycle;

namespace Bixbite;

/// <summary>
/// A span for each direct call, with the names that OpenTelemetry's conventions for databases have. Nothing is made where nobody listens.
/// </summary>
internal static class CallTrace
{
    private static readonly ActivitySource s_source = new(BixbiteServer.ActivitySourceName, ServerIdentity.Version);

    /// <summary>Somebody listens.</summary>
    public static bool IsOn => s_source.HasListeners();

    /// <summary>Begins a span that the caller disposes; null where nobody wants this one.</summary>
    public static Activity? Start(string command)
    {
        string operation = command.ToUpperInvariant();
        return s_source.StartActivity(
            operation,
            ActivityKind.Client,
            default(ActivityContext),
            [new("db.system.name", "redis"), new("db.operation.name", operation), new("db.namespace", "0")]);
    }

    /// <summary>The call has failed: by an error that the server has answered, or by an exception.</summary>
    public static void Fail(Activity? activity, Exception failure)
    {
        if (activity is null)
        {
            return;
        }
        string? code = (failure as BixbiteException)?.ErrorCode;
        if (code is not null)
        {
            activity.SetTag("db.response.status_code", code);
        }
        activity.SetTag("error.type", code ?? failure.GetType().FullName);
        activity.SetStatus(ActivityStatusCode.Error, failure.Message);
    }
}
