using Bixbite.Commands.Geo.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;

namespace Bixbite.Commands.Geo;

/// <summary>The older words for finding members in a circle: GEORADIUS, GEORADIUSBYMEMBER, and their forms that only read.</summary>
public sealed class GeoRadius
{
    [Command(
        "georadius", Group = "geo", Since = "3.2.0", Arity = -6,
        Flags = "write denyoom",
        Keys = "ro access; 1 | ow update; after STORE from 6 | ow update; after STOREDIST from 6",
        DeprecatedSince = "6.2.0", ReplacedBy = "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` argument",
        History = "6.2.0 Added the `ANY` option for `COUNT`. | 7.0.0 Added support for uppercase unit names.",
        Complexity = "O(N+log(M)) with N the number of members near the circle and M the size of the index",
        Summary = "Returns or stores the members of a geo index that lie in a circle around a position.",
        Syntax = "key longitude:double latitude:double radius:double (unit: m=m | km=km | ft=ft | mi=mi) [WITHCOORD] [WITHDIST] "
            + "[WITHHASH] [count-block: COUNT count [ANY@6.2.0]] [order: ASC | DESC] [store: STORE storekey:key@1 | STOREDIST "
            + "storedistkey:key@2]")]
    public void Run(CommandContext context) => GeoQuery.Run(context, sourceIndex: 1, GeoForm.Radius, GeoStoring.OnRequest);

    [Command(
        "georadius_ro", Group = "geo", Since = "3.2.10", Arity = -6,
        Flags = "readonly", Keys = "ro access; 1",
        DeprecatedSince = "6.2.0", ReplacedBy = "`GEOSEARCH` with the `BYRADIUS` argument",
        History = "6.2.0 Added the `ANY` option for `COUNT`.",
        Complexity = "O(N+log(M)) with N the number of members near the circle and M the size of the index",
        Summary = "Returns the members of a geo index that lie in a circle around a position.",
        Syntax = "key longitude:double latitude:double radius:double (unit: m=m | km=km | ft=ft | mi=mi) [WITHCOORD] [WITHDIST] "
            + "[WITHHASH] [count-block: COUNT count [ANY@6.2.0]] [order: ASC | DESC]")]
    public void GeoRadiusRo(CommandContext context) => GeoQuery.Run(context, sourceIndex: 1, GeoForm.Radius, GeoStoring.Never);

    [Command(
        "georadiusbymember", Group = "geo", Since = "3.2.0", Arity = -5,
        Flags = "write denyoom",
        Keys = "ro access; 1 | ow update; after STORE from 5 | ow update; after STOREDIST from 5",
        DeprecatedSince = "6.2.0", ReplacedBy = "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER` arguments",
        History = "7.0.0 Added support for uppercase unit names.",
        Complexity = "O(N+log(M)) with N the number of members near the circle and M the size of the index",
        Summary = "Returns or stores the members of a geo index that lie in a circle around one of them.",
        Syntax = "key member radius:double (unit: m=m | km=km | ft=ft | mi=mi) [WITHCOORD] [WITHDIST] "
            + "[WITHHASH] [count-block: COUNT count [ANY]] [order: ASC | DESC] "
            + "[store: STORE storekey:key@1 | STOREDIST storedistkey:key@2]")]
    public void GeoRadiusByMember(CommandContext context) =>
        GeoQuery.Run(context, sourceIndex: 1, GeoForm.RadiusByMember, GeoStoring.OnRequest);

    [Command(
        "georadiusbymember_ro", Group = "geo", Since = "3.2.10", Arity = -5,
        Flags = "readonly", Keys = "ro access; 1",
        DeprecatedSince = "6.2.0", ReplacedBy = "`GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` arguments",
        Complexity = "O(N+log(M)) with N the number of members near the circle and M the size of the index",
        Summary = "Returns the members of a geo index that lie in a circle around one of them.",
        Syntax = "key member radius:double (unit: m=m | km=km | ft=ft | mi=mi) [WITHCOORD] [WITHDIST] "
            + "[WITHHASH] [count-block: COUNT count [ANY]] [order: ASC | DESC]")]
    public void GeoRadiusByMemberRo(CommandContext context) =>
        GeoQuery.Run(context, sourceIndex: 1, GeoForm.RadiusByMember, GeoStoring.Never);
}
