namespace Bixbite.Structures.Geo;

/// <summary>
/// Distances in metres along the surface from one position, by the haversine formula on a sphere of Redis' radius. The operations are
/// in Redis' order, since each of them rounds: equal distances must stay equal to the last bit for the order of results to be the same.
/// </summary>
public readonly struct GeoDistance
{
    public const double EarthRadiusMeters = 6372797.560856;

    private const double RadiansPerDegree = Math.PI / 180;

    private readonly double _longitude;
    private readonly double _latitude;
    private readonly double _latitudeCosine;

    public GeoDistance(GeoPoint from)
    {
        _longitude = ToRadians(from.Longitude);
        _latitude = ToRadians(from.Latitude);
        _latitudeCosine = Math.Cos(_latitude);
    }

    public static double Between(GeoPoint from, GeoPoint to) => new GeoDistance(from).To(to);

    public double To(GeoPoint to)
    {
        double latitude = ToRadians(to.Latitude);
        double u = Math.Sin((latitude - _latitude) / 2);
        double v = Math.Sin((ToRadians(to.Longitude) - _longitude) / 2);
        return 2.0 * EarthRadiusMeters * Math.Asin(Math.Sqrt((u * u) + (_latitudeCosine * Math.Cos(latitude) * v * v)));
    }

    /// <summary>
    /// A distance that is not greater than the one to any position of this latitude. It costs no trigonometry and rules out most of what
    /// is too far; the last bits are given away so that rounding cannot make it too great.
    /// </summary>
    public double AtLeastToLatitude(double latitude) =>
        Math.Abs(ToRadians(latitude) - _latitude) * (EarthRadiusMeters * (1 - 1e-9));

    /// <summary>
    /// How many degrees of longitude away a position within some metres can be that is not farther than <paramref name="northMeters"/> to
    /// the north or south; 360 for anywhere, as near a pole. Distances of both kinds count: from here to the position, and from the
    /// meridian through here along the position's own latitude. A little more than that, so that rounding cannot make it too small.
    /// </summary>
    internal double LongitudeReach(double meters, double northMeters)
    {
        const double anywhere = 360;
        const double marginDegrees = 1e-12;
        double farthestLatitude = Math.Abs(_latitude) + (northMeters / EarthRadiusMeters * (1 + 1e-8));
        double angle = meters / EarthRadiusMeters;
        if (!(farthestLatitude < Math.PI / 2) || !(angle < Math.PI))
        {
            return anywhere;
        }
        double sine = Math.Sin(angle / 2) / Math.Cos(farthestLatitude);
        return sine < 1 ? (ToDegrees(2 * Math.Asin(sine)) * (1 + 1e-9)) + marginDegrees : anywhere;
    }

    internal static double ToRadians(double degrees) => degrees * RadiansPerDegree;

    internal static double ToDegrees(double radians) => radians / RadiansPerDegree;
}
