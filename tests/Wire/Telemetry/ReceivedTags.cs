namespace Bixbite.Wire.Telemetry;

/// <summary>Attributes by their names: opentelemetry/proto/common/v1.</summary>
internal static class ReceivedTags
{
    public static IReadOnlyDictionary<string, string> Of(ProtoMessage owner, int field) => owner.All(field).ToDictionary(
        static tag => tag.Text(1),
        static tag => tag.Message(2) is var value && value.Has(1) ? value.Text(1) : $"{value.Number(3)}");
}
