using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Structures.Geo;

namespace Bixbite.Commands.Geo.Shared;

/// <summary>Reads the arguments of geo commands: positions, lengths and units.</summary>
internal static class GeoArguments
{
    /// <summary>Longitude and latitude, of a position that can be indexed.</summary>
    public static GeoPoint ReadPosition(ref ArgumentReader arguments)
    {
        double longitude = arguments.Double(ErrorText.NotAFloat);
        double latitude = arguments.Double(ErrorText.NotAFloat);
        var point = new GeoPoint(longitude, latitude);
        if (!arguments.HasFailed && !point.IsIndexable)
        {
            arguments.Fail(ErrorText.InvalidPosition(longitude, latitude));
        }
        return point;
    }

    /// <summary>A unit of length, in metres.</summary>
    public static double ReadUnit(ref ArgumentReader arguments)
    {
        if (!GeoUnit.TryParse(arguments.Next(), out double meters))
        {
            arguments.Fail(ErrorText.UnsupportedUnit);
        }
        return meters;
    }
}
