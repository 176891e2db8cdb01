namespace Bixbite.Structures.Geo;

/// <summary>The degrees between which an area lies. Those of a wide shape may reach beyond a half turn or a pole.</summary>
public readonly record struct GeoBounds(double LongitudeMin, double LatitudeMin, double LongitudeMax, double LatitudeMax);
