using System.Diagnostics;

namespace Bixbite.Structures.Geo;

/// <summary>
/// An area in which positions are looked for: a circle, a box whose sides run north and east, or a polygon. Distances are measured from
/// its centre. Boxes and bounds are what Redis makes of them: a box is half its width to both sides on each latitude, and bounds are only
/// good enough to choose cells by (<see cref="GeoCover"/>).
/// <para>
/// A polygon is taken as a flat figure of degrees, with straight edges between its vertices in the given order and from the last to the
/// first; its inside is found by the even-odd rule. Its centre is the direction of the sum of the vertices as points of the sphere.
/// </para>
/// </summary>
public readonly ref struct GeoShape
{
    private readonly Kind _kind;
    private readonly GeoDistance _distance;
    private readonly double _width;
    private readonly double _height;
    private readonly double _longitudeReach;
    private readonly ReadOnlySpan<GeoPoint> _vertices;

    private GeoShape(Kind kind, GeoPoint center, double width, double height, double unitMeters, ReadOnlySpan<GeoPoint> vertices)
    {
        _kind = kind;
        _width = width;
        _height = height;
        _vertices = vertices;
        _distance = new GeoDistance(center);
        Center = center;
        UnitMeters = unitMeters;
        _longitudeReach = kind switch
        {
            Kind.Circle => _distance.LongitudeReach(width * unitMeters, width * unitMeters),
            Kind.Box => _distance.LongitudeReach(width * unitMeters / 2, height * unitMeters / 2),
            _ => 0,
        };
    }

    private enum Kind : byte
    {
        Circle,
        Box,
        Polygon,
    }

    public GeoPoint Center { get; }

    /// <summary>The length in which the shape was given, and in which distances to its centre are told.</summary>
    public double UnitMeters { get; }

    internal bool IsPolygon => _kind == Kind.Polygon;

    /// <summary>The distance from the centre to the farthest position of the shape, or a bit more.</summary>
    internal double RadiusMeters => _kind switch
    {
        Kind.Circle => _width * UnitMeters,
        Kind.Box => Math.Sqrt((_width / 2 * (_width / 2)) + (_height / 2 * (_height / 2))) * UnitMeters,
        _ => FarthestCorner(),
    };

    internal GeoBounds Bounds => IsPolygon ? BoundsOfVertices() : BoundsAround();

    public static GeoShape Circle(GeoPoint center, double radius, double unitMeters) =>
        new(Kind.Circle, center, radius, radius, unitMeters, default);

    public static GeoShape Box(GeoPoint center, double width, double height, double unitMeters) =>
        new(Kind.Box, center, width, height, unitMeters, default);

    /// <summary>A polygon of at least three vertices that can be indexed; they stay the caller's.</summary>
    public static GeoShape Polygon(ReadOnlySpan<GeoPoint> vertices)
    {
        Debug.Assert(vertices.Length >= 3, "A polygon has at least three vertices.");
        return new GeoShape(Kind.Polygon, CenterOf(vertices), 0, 0, 1, vertices);
    }

    /// <summary>Whether the position lies in the shape, and its distance from the centre in metres.</summary>
    public bool Contains(GeoPoint point, out double distance)
    {
        distance = 0;
        switch (_kind)
        {
            case Kind.Circle:
                double radius = _width * UnitMeters;
                if (IsTooFarAway(point, radius))
                {
                    return false;
                }
                distance = _distance.To(point);
                return !(distance > radius);
            case Kind.Box when !IsInBox(point):
            case Kind.Polygon when !IsInPolygon(point):
                return false;
            default:
                distance = _distance.To(point);
                return true;
        }
    }

    /// <summary>Rules out, without trigonometry, nearly everything that is not in the rectangle around the shape.</summary>
    private bool IsTooFarAway(GeoPoint point, double northMeters)
    {
        double apart = Math.Abs(point.Longitude - Center.Longitude);
        return (apart > _longitudeReach && apart < 360 - _longitudeReach) || _distance.AtLeastToLatitude(point.Latitude) > northMeters;
    }

    private bool IsInBox(GeoPoint point)
    {
        double north = _height * UnitMeters / 2;
        double east = _width * UnitMeters / 2;
        return !IsTooFarAway(point, north)
            && !(GeoDistance.Between(point, point with { Latitude = Center.Latitude }) > north)
            && !(GeoDistance.Between(point, point with { Longitude = Center.Longitude }) > east);
    }

    private bool IsInPolygon(GeoPoint point)
    {
        bool isInside = false;
        GeoPoint from = _vertices[^1];
        foreach (GeoPoint to in _vertices)
        {
            if (to.Latitude > point.Latitude != from.Latitude > point.Latitude)
            {
                double crossing = ((from.Longitude - to.Longitude) * (point.Latitude - to.Latitude)
                    / (from.Latitude - to.Latitude)) + to.Longitude;
                isInside ^= point.Longitude < crossing;
            }
            from = to;
        }
        return isInside;
    }

    private static GeoPoint CenterOf(ReadOnlySpan<GeoPoint> vertices)
    {
        double x = 0;
        double y = 0;
        double z = 0;
        foreach (GeoPoint vertex in vertices)
        {
            double longitude = GeoDistance.ToRadians(vertex.Longitude);
            double latitude = GeoDistance.ToRadians(vertex.Latitude);
            x += Math.Cos(latitude) * Math.Cos(longitude);
            y += Math.Cos(latitude) * Math.Sin(longitude);
            z += Math.Sin(latitude);
        }
        return new GeoPoint(
            GeoDistance.ToDegrees(Math.Atan2(y, x)),
            GeoDistance.ToDegrees(Math.Atan2(z, Math.Sqrt((x * x) + (y * y)))));
    }

    private GeoBounds BoundsAround()
    {
        double height = UnitMeters * (_kind == Kind.Circle ? _height : _height / 2);
        double width = UnitMeters * (_kind == Kind.Circle ? _width : _width / 2);
        double latitudeDelta = GeoDistance.ToDegrees(height / GeoDistance.EarthRadiusMeters);

        // Degrees of longitude are shortest on the side of the pole.
        double narrow = Center.Latitude < 0 ? Center.Latitude - latitudeDelta : Center.Latitude + latitudeDelta;
        double longitudeDelta =
            GeoDistance.ToDegrees(width / GeoDistance.EarthRadiusMeters / Math.Cos(GeoDistance.ToRadians(narrow)));
        return new GeoBounds(
            Center.Longitude - longitudeDelta,
            Center.Latitude - latitudeDelta,
            Center.Longitude + longitudeDelta,
            Center.Latitude + latitudeDelta);
    }

    private GeoBounds BoundsOfVertices()
    {
        GeoPoint min = _vertices[0];
        GeoPoint max = min;
        foreach (GeoPoint vertex in _vertices)
        {
            min = new GeoPoint(Math.Min(min.Longitude, vertex.Longitude), Math.Min(min.Latitude, vertex.Latitude));
            max = new GeoPoint(Math.Max(max.Longitude, vertex.Longitude), Math.Max(max.Latitude, vertex.Latitude));
        }
        return new GeoBounds(min.Longitude, min.Latitude, max.Longitude, max.Latitude);
    }

    private double FarthestCorner()
    {
        GeoBounds bounds = BoundsOfVertices();
        double north = Math.Max(
            _distance.To(new GeoPoint(bounds.LongitudeMin, bounds.LatitudeMax)),
            _distance.To(new GeoPoint(bounds.LongitudeMax, bounds.LatitudeMax)));
        double south = Math.Max(
            _distance.To(new GeoPoint(bounds.LongitudeMin, bounds.LatitudeMin)),
            _distance.To(new GeoPoint(bounds.LongitudeMax, bounds.LatitudeMin)));
        return Math.Max(north, south);
    }
}
