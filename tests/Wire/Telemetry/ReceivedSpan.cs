namespace Bixbite.Wire.Telemetry;

/// <summary>A span that was received: opentelemetry/proto/trace/v1. Times are in nanoseconds since 1970.</summary>
internal sealed record ReceivedSpan(
    string Name, string Id, string ParentId, long BeganNs, long EndedNs, IReadOnlyDictionary<string, string> Tags)
{
    public long TookUs => (EndedNs - BeganNs) / 1000;

    public static IEnumerable<ReceivedSpan> ReadAll(ProtoMessage request) =>
        from resource in request.All(1)
        from scope in resource.All(2)
        from span in scope.All(2)
        select new ReceivedSpan(
            span.Text(5), span.Hex(2), span.Hex(4), span.Number(7), span.Number(8), ReceivedTags.Of(span, 9));
}
