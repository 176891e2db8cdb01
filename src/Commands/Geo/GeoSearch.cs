using Bixbite.Commands.Geo.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;

namespace Bixbite.Commands.Geo;

/// <summary>Finding the members in an area: GEOSEARCH and GEOSEARCHSTORE.</summary>
public sealed class GeoSearch
{
    [Command(
        "geosearch", Group = "geo", Since = "6.2.0", Arity = -7,
        Flags = "readonly", Keys = "ro access; 1",
        History = "7.0.0 Added support for uppercase unit names.",
        Complexity = "O(N+log(M)) with N the number of members near the area and M the size of the index",
        Summary = "Returns the members of a geo index that lie in a circle, a box or a polygon.",
        Syntax = "key [from: FROMMEMBER member | FROMLONLAT (fromlonlat: longitude:double latitude:double)] "
            + "(by: (circle: BYRADIUS radius:double (unit: m=m | km=km | ft=ft | mi=mi)) "
            + "| (box: BYBOX width:double height:double (unit: m=m | km=km | ft=ft | mi=mi)) "
            + "| (polygon: BYPOLYGON num-vertices:integer (vertices: longitude:double latitude:double) ...)) "
            + "[order: ASC | DESC] [count-block: COUNT count [ANY]] [WITHCOORD] [WITHDIST] [WITHHASH]")]
    public void Run(CommandContext context) => GeoQuery.Run(context, sourceIndex: 1, GeoForm.Search, GeoStoring.Never);

    [Command(
        "geosearchstore", Group = "geo", Since = "6.2.0", Arity = -8,
        Flags = "write denyoom", Keys = "ow update; 1 | ro access; 2",
        History = "7.0.0 Added support for uppercase unit names.",
        Complexity = "O(N+log(M)) with N the number of members near the area and M the size of the index",
        Summary = "Stores the members of a geo index that lie in a circle, a box or a polygon.",
        Syntax = "destination:key@0 source:key@1 "
            + "[from: FROMMEMBER member | FROMLONLAT (fromlonlat: longitude:double latitude:double)] "
            + "(by: (circle: BYRADIUS radius:double (unit: m=m | km=km | ft=ft | mi=mi)) "
            + "| (box: BYBOX width:double height:double (unit: m=m | km=km | ft=ft | mi=mi)) "
            + "| (polygon: BYPOLYGON num-vertices:integer (vertices: longitude:double latitude:double) ...)) "
            + "[order: ASC | DESC] [count-block: COUNT count [ANY]] [STOREDIST]")]
    public void GeoSearchStore(CommandContext context) => GeoQuery.Run(context, sourceIndex: 2, GeoForm.Search, GeoStoring.Always);
}
