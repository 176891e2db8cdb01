namespace Bixbite.Structures.Geo;

/// <summary>
/// A position on the earth in degrees. What can be indexed reaches from -180 to 180 degrees of longitude and, as in the square web
/// maps (EPSG:900913), from -85.05112878 to 85.05112878 degrees of latitude.
/// </summary>
public readonly record struct GeoPoint(double Longitude, double Latitude)
{
    public const double LongitudeMax = 180;
    public const double LatitudeMax = 85.05112878;

    /// <summary>The position lies within the limits of what can be indexed.</summary>
    public bool IsIndexable =>
        Longitude is >= -LongitudeMax and <= LongitudeMax && Latitude is >= -LatitudeMax and <= LatitudeMax;

    /// <summary>The nearest position within the limits.</summary>
    public GeoPoint Clamped() => new(
        Math.Clamp(Longitude, -LongitudeMax, LongitudeMax), Math.Clamp(Latitude, -LatitudeMax, LatitudeMax));
}
