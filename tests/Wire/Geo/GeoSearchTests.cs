using System.Globalization;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Geo;

/// <summary>GEOSEARCH and GEOSEARCHSTORE.</summary>
public sealed class GeoSearchTests
{
    private const string Places =
        "GEOADD Sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania 12.758489 38.788135 edge1 17.241510 38.788135 edge2 "
        + "14.733333 36.933333 Ragusa 15.287602 37.070104 Siracusa 13.588412 37.311348 Agrigento";

    [Fact]
    public void Circles_and_boxes() => Compare.SameReplies(
        $"""
        {Places}
        GEOSEARCH Sicily FROMLONLAT 15 37 BYRADIUS 200 km ASC
        GEOSEARCH Sicily FROMLONLAT 15 37 BYRADIUS 200 km DESC
        GEOSEARCH Sicily FROMLONLAT 15 37 BYRADIUS 200 km
        GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX 400 400 km ASC WITHCOORD WITHDIST
        GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX 400 400 km WITHHASH WITHDIST WITHCOORD
        GEOSEARCH Sicily FROMMEMBER Palermo BYRADIUS 0 m
        GEOSEARCH Sicily FROMMEMBER Palermo BYRADIUS 100 mi WITHDIST desc
        GEOSEARCH Sicily FROMMEMBER Palermo BYBOX 0 0 ft WITHDIST
        GEOSEARCH Sicily BYBOX 300000 200000 FT FROMMEMBER Catania WITHDIST asc
        GEOSEARCH Sicily FROMLONLAT 15 37 BYRADIUS 50000 km
        GEOSEARCH Sicily FROMLONLAT 15 37 BYRADIUS inf km
        GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX inf 100 km
        GEOSEARCH Sicily FROMLONLAT -15 -37 BYRADIUS 200 km
        GEOSEARCH Sicily FROMLONLAT 15 37 FROMLONLAT 13.3 38.1 BYRADIUS 1 m BYRADIUS 20 km
        GEOSEARCH none FROMLONLAT 15 37 BYRADIUS 200 km
        GEOSEARCH none FROMMEMBER a BYRADIUS 200 km
        """);

    [Fact]
    public void Counts() => Compare.SameReplies(
        $"""
        {Places}
        GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX 400 400 km COUNT 1
        GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX 400 400 km COUNT 3 WITHDIST
        GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX 400 400 km COUNT 3 DESC WITHDIST
        GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX 400 400 km COUNT 100
        GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX 400 400 km COUNT 2 ANY
        GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX 400 400 km ANY COUNT 4 DESC
        GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX 400 400 km COUNT 9223372036854775807 ANY
        GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX 400 400 km COUNT 0
        GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX 400 400 km COUNT -1
        GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX 400 400 km COUNT x
        GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX 400 400 km COUNT
        GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX 400 400 km ANY
        """);

    [Fact]
    public void Wrong_arguments() => Compare.SameReplies(
        $"""
        {Places}
        SET string v
        GEOSEARCH string FROMLONLAT 15 37 BYRADIUS 200 km
        GEOSEARCH string FROMLONLAT 15 x BYRADIUS 200 km
        GEOSEARCH Sicily FROMLONLAT 15 37 BYRADIUS 200 miles
        GEOSEARCH Sicily FROMLONLAT 15 37 BYRADIUS x km
        GEOSEARCH Sicily FROMLONLAT 15 37 BYRADIUS -1 km
        GEOSEARCH Sicily FROMLONLAT 15 37 BYRADIUS -1 miles
        GEOSEARCH Sicily FROMLONLAT 15 37 BYRADIUS nan km
        GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX x 1 km
        GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX 1 x km
        GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX -1 1 km
        GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX 1 -1 km
        GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX 1 1 miles
        GEOSEARCH Sicily FROMLONLAT 200 37 BYBOX 1 1 km
        GEOSEARCH Sicily FROMLONLAT x 37 BYBOX 1 1 km
        GEOSEARCH Sicily FROMMEMBER nobody BYBOX 1 1 km
        GEOSEARCH Sicily FROMMEMBER Palermo BYBOX 1 1
        GEOSEARCH Sicily FROMMEMBER Palermo FROMLONLAT 15 37 BYRADIUS 1 km
        GEOSEARCH Sicily FROMLONLAT 15 37 FROMMEMBER Palermo BYRADIUS 1 km
        GEOSEARCH Sicily FROMLONLAT 15 37 BYRADIUS 1 km BYBOX 1 1 km
        GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX 1 1 km BYRADIUS 1 km
        GEOSEARCH Sicily FROMLONLAT 15 37 ASC ASC ASC
        GEOSEARCH Sicily BYRADIUS 1 km ASC ASC ASC
        geoSearch Sicily BYRADIUS 1 km ASC ASC ASC
        GEOSEARCH Sicily ASC ASC ASC ASC ASC ASC
        GEOSEARCH Sicily FROMLONLAT 15 37 BYRADIUS 200 km STORE dst
        GEOSEARCH Sicily FROMLONLAT 15 37 BYRADIUS 200 km STOREDIST
        GEOSEARCH Sicily FROMLONLAT 15 37 BYRADIUS 200 km nonsense
        GEOSEARCH none FROMMEMBER a BYRADIUS x km
        GEOSEARCH none FROMMEMBER a BYRADIUS 1 km ANY
        GEOSEARCH Sicily FROMLONLAT 15 37 BYRADIUS 200
        """);

    [Fact]
    public void Storing() => Compare.SameReplies(
        $"""
        {Places}
        GEOSEARCHSTORE dst Sicily FROMLONLAT 15 37 BYBOX 400 400 km ASC COUNT 3
        ZRANGE dst 0 -1 WITHSCORES
        GEOPOS dst Catania Palermo
        GEOSEARCHSTORE dst Sicily FROMLONLAT 15 37 BYBOX 400 400 km ASC COUNT 3 STOREDIST
        ZRANGE dst 0 -1
        OBJECT ENCODING dst
        EXPIRE dst 100
        GEOSEARCHSTORE dst Sicily FROMLONLAT 15 37 BYBOX 400 400 km STOREDIST STOREDIST
        ZRANGE dst 0 -1
        @TTL dst
        GEOSEARCHSTORE dst Sicily FROMLONLAT 15 37 BYBOX 1 1 m
        EXISTS dst
        GEOSEARCHSTORE dst Sicily FROMLONLAT 15 37 BYBOX 1 1 m
        SET dst v
        GEOSEARCHSTORE dst Sicily FROMMEMBER Palermo BYRADIUS 1 m
        TYPE dst
        SET dst v
        GEOSEARCHSTORE dst none FROMLONLAT 15 37 BYBOX 1 1 m
        EXISTS dst
        GEOSEARCHSTORE dst none FROMMEMBER a BYBOX 1 1 m
        GEOSEARCHSTORE Sicily Sicily FROMMEMBER Palermo BYRADIUS 100 km
        ZRANGE Sicily 0 -1
        GEOSEARCHSTORE dst Sicily FROMLONLAT 15 37 BYBOX 1 1 km WITHDIST
        GEOSEARCHSTORE dst Sicily FROMLONLAT 15 37 BYBOX 1 1 km WITHHASH
        GEOSEARCHSTORE dst Sicily FROMLONLAT 15 37 BYBOX 1 1 km WITHCOORD
        GEOSEARCHSTORE dst Sicily FROMLONLAT 15 37 ASC ASC ASC
        GEOSEARCHSTORE dst Sicily BYBOX 1 1 km ASC ASC
        GEOSEARCHSTORE dst Sicily FROMLONLAT 15 37 BYBOX 1 1 km STORE x
        SET string v
        GEOSEARCHSTORE dst string FROMLONLAT 15 37 BYBOX 1 1 km
        GEOSEARCHSTORE dst Sicily FROMLONLAT 15 37 BYBOX 1 1
        """);

    /// <summary>
    /// Large and small indexes, shapes of all sizes anywhere, also over the date line and near the poles; many members at the same
    /// position, so that the order of equal distances is compared as well.
    /// </summary>
    [Theory]
    [InlineData(60, 1)]
    [InlineData(400, 2)]
    [InlineData(3000, 3)]
    public void Random_searches(int memberCount, int seed)
    {
        var random = new Random(seed);
        List<string> script = [];
        var places = new string[memberCount];
        for (int i = 0; i < memberCount; i++)
        {
            places[i] = i % 4 == 3 ? places[random.Next(i)] : i % 4 == 2 ? Around(random, 13, 38, 2) : Anywhere(random);
            script.Add($"GEOADD k {places[i]} m{i}");
        }
        for (int i = 0; i < 250; i++)
        {
            string origin = random.Next(3) switch
            {
                0 => $"FROMMEMBER m{random.Next(memberCount)}",
                1 => $"FROMLONLAT {Around(random, 13, 38, 1)}",
                _ => $"FROMLONLAT {Anywhere(random)}",
            };
            string shape = random.Next(2) == 0
                ? $"BYRADIUS {Size(random)} {Unit(random)}"
                : $"BYBOX {Size(random)} {Size(random)} {Unit(random)}";
            string order = new[] { "", "ASC", "DESC" }[random.Next(3)];
            string count = new[] { "", $"COUNT {random.Next(1, 50)}", $"COUNT {random.Next(1, 20)} ANY" }[random.Next(3)];
            string details = random.Next(4) == 0 ? "WITHDIST WITHCOORD" : "WITHDIST";
            script.Add($"GEOSEARCH k {origin} {shape} {order} {count} {details}");
            if (i % 10 == 0)
            {
                script.Add($"GEOSEARCHSTORE d k {origin} {shape} {order} {count}");
                script.Add("ZRANGE d 0 -1 WITHSCORES");
                script.Add("OBJECT ENCODING d");
            }
        }
        Compare.SameReplies(script);
    }

    /// <summary>As documented for Valkey 9.</summary>
    [Fact]
    public void Polygons() => Expect.Replies(
        $"""
        {Places} => :7
        GEOSEARCH Sicily BYPOLYGON 6 13.3 38.4 15.4 37.1 14.7 36.6 14.2 37.3 13 38.1 13.3 38.2 ASC => *["Palermo", "Ragusa", "Siracusa"]
        GEOSEARCH Sicily BYPOLYGON 3 12 38 16 38 14 39 => *["Palermo"]
        GEOSEARCH Sicily BYPOLYGON 3 12 38 16 38 14 39 COUNT 1 ANY WITHHASH => *[*["Palermo", :3479099956230698]]
        GEOSEARCH none BYPOLYGON 3 12 38 16 38 14 39 => *[]
        GEOSEARCHSTORE dst Sicily BYPOLYGON 4 12 36 18 36 18 39 12 39 => :7
        GEOSEARCH Sicily BYPOLYGON 3 1 1 2 2 => -ERR GEOSEARCH BYPOLYGON must have at least 3 vertices
        GEOSEARCH Sicily BYPOLYGON 2 1 1 2 2 => -ERR GEOSEARCH BYPOLYGON must have at least 3 vertices
        GEOSEARCH Sicily BYPOLYGON x 1 1 2 2 3 3 => -ERR invalid number of vertices
        GEOSEARCH Sicily BYPOLYGON 3 1 1 2 2 3 x => -ERR value is not a valid float
        GEOSEARCH Sicily BYPOLYGON 3 1 1 2 2 3 90 => -ERR invalid longitude,latitude pair 3.000000,90.000000
        GEOSEARCH Sicily BYPOLYGON 3 12 38 16 38 14 39 FROMMEMBER Palermo => -ERR syntax error
        GEOSEARCH Sicily FROMLONLAT 1 1 BYPOLYGON 3 12 38 16 38 14 39 => -ERR syntax error
        GEOSEARCH Sicily BYPOLYGON 3 12 38 16 38 14 39 BYRADIUS 1 km => -ERR syntax error
        """);

    private static string Anywhere(Random random) => Text((random.NextDouble() * 360) - 180, (random.NextDouble() * 170.1) - 85.05);

    private static string Around(Random random, double longitude, double latitude, double degrees) => Text(
        longitude + (((random.NextDouble() * 2) - 1) * degrees), latitude + (((random.NextDouble() * 2) - 1) * degrees));

    private static string Text(double longitude, double latitude) =>
        string.Create(CultureInfo.InvariantCulture, $"{longitude:F6} {latitude:F6}");

    private static string Size(Random random) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Pow(10, random.NextDouble() * 4.2):F2}");

    private static string Unit(Random random) => new[] { "km", "mi", "km", "ft" }[random.Next(4)];
}
