namespace Bixbite.Wire.Telemetry;

/// <summary>A number that was received: opentelemetry/proto/metrics/v1.</summary>
internal sealed record ReceivedNumber(string Name, string Unit, bool IsCounter, double Number, IReadOnlyDictionary<string, string> Tags)
{
    public static IEnumerable<ReceivedNumber> ReadAll(ProtoMessage request) =>
        from resource in request.All(1)
        from scope in resource.All(2)
        from metric in scope.All(2)
        let isSum = metric.Has(7)
        let data = metric.Message(isSum ? 7 : 5)
        from point in data.All(1)
        select new ReceivedNumber(
            metric.Text(1), metric.Text(3), isSum && data.Number(3) == 1, point.Double(4), ReceivedTags.Of(point, 7));
}
