namespace Bixbite.Engine.Facts;

/// <summary>A number that may be followed over time: what a metric of it is called and means.</summary>
/// <param name="Name">Unique within a server.</param>
/// <param name="Kind">How it changes.</param>
/// <param name="Unit">The unit of the number.</param>
/// <param name="Label">The kind of things each of which has such a number; null where there is one.</param>
public readonly record struct FactSeries(string Name, FactKind Kind, FactUnit Unit, string? Label);

/// <summary>A number of a series now.</summary>
/// <param name="Name">The series.</param>
/// <param name="Number">The number.</param>
/// <param name="Of">The thing that has it; null where there is one.</param>
public readonly record struct FactSample(string Name, double Number, string? Of);
