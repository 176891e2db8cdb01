using Bixbite.Protocol;
using Bixbite.Structures.Geo;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Geo.Shared;

/// <summary>How positions and distances are answered.</summary>
internal static class GeoReply
{
    private const int PositionPlaces = 17;
    private const int DistancePlaces = 4;

    /// <summary>Longitude and latitude with up to 17 places.</summary>
    public static void Position(ReplyWriter reply, GeoPoint point)
    {
        Span<byte> text = stackalloc byte[FixedPoint.SizeMax];
        reply.Array(2);
        reply.DoubleText(text[..FixedPoint.FormatTrimmed(point.Longitude, PositionPlaces, text)]);
        reply.DoubleText(text[..FixedPoint.FormatTrimmed(point.Latitude, PositionPlaces, text)]);
    }

    /// <summary>A length with four places: in any unit as exact as positions are. A string in both versions of the protocol.</summary>
    public static void Distance(ReplyWriter reply, double distance)
    {
        Span<byte> text = stackalloc byte[FixedPoint.SizeMax];
        reply.Bulk(text[..FixedPoint.Format(distance, DistancePlaces, text)]);
    }
}
