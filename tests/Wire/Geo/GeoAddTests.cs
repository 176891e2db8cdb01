using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Geo;

/// <summary>GEOADD, GEOPOS, GEOHASH and GEODIST.</summary>
public sealed class GeoAddTests
{
    private const string Sicily = "GEOADD Sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania";

    [Fact]
    public void Adding() => Compare.SameReplies(
        $"""
        {Sicily}
        {Sicily}
        GEOADD Sicily NX 13.5 38 Palermo 13.583333 37.316667 Agrigento
        GEOADD Sicily XX 13.5 38 Palermo 1 1 nobody
        GEOADD Sicily CH 13.361389 38.115556 Palermo 2 2 somebody 15.087269 37.502669 Catania
        GEOADD Sicily xx ch 13.4 38.1 Palermo 2 2 nobody
        GEOADD Sicily CH CH 1 1 Palermo
        GEOADD none XX 1 1 a
        EXISTS none
        ZSCORE Sicily Palermo
        ZCARD Sicily
        TYPE Sicily
        OBJECT ENCODING Sicily
        ZRANGE Sicily 0 -1 WITHSCORES
        GEOADD integers 1 1 1 2 2 2 -3 -3 -3
        GEOPOS integers 1 2 -3
        """);

    [Fact]
    public void What_cannot_be_added() => Compare.SameReplies(
        $"""
        GEOADD k 1 1
        GEOADD k 1 1 a 2 2
        GEOADD k NX XX 1 1 a
        GEOADD k NX CH CH
        GEOADD k CH CH CH CH
        GEOADD k x 1 a
        GEOADD k 1 x a
        GEOADD k nan 1 a
        GEOADD k 1 nan a
        GEOADD k 181 1 a
        GEOADD k -180.5 1 a
        GEOADD k 1 85.06 a
        GEOADD k 1 -85.06 a
        GEOADD k 1 1 a 200 100 b
        GEOADD k 1e30 -1e300 a
        GEOADD k inf -inf a
        GEOADD k 0.0000005 99.99999999 a
        GEOADD k " 1" 1 a
        EXISTS k
        SET string v
        GEOADD string 1 1 a
        GEOADD string x 1 a
        GEOADD string XX 1 1 a
        GEOADD
        """);

    [Fact]
    public void Where_members_are() => Compare.SameReplies(
        $"""
        {Sicily}
        GEOADD Sicily 0 0 zero 180 85.05112878 max -180 -85.05112878 min 180 -85.05112878 se -180 85.05112878 nw 2.3522 48.8566 Paris
        GEOPOS Sicily Palermo Catania zero max min se nw Paris none
        GEOHASH Sicily Palermo Catania zero max min se nw Paris none
        GEOPOS Sicily
        GEOHASH Sicily
        GEOPOS none a b
        GEOHASH none a b
        GEOPOS
        GEOHASH
        SET string v
        GEOPOS string a
        GEOHASH string a
        ZADD scores -1.5 a 1e300 b inf c -inf d 1e19 e 3.7 f 4503599627370496 g
        GEOPOS scores a b c d e f g
        GEOHASH scores a b c d e f g
        """);

    [Fact]
    public void How_far_members_are() => Compare.SameReplies(
        $"""
        {Sicily}
        GEOADD Sicily 0 0 zero 180 0 half 180 85.05112878 max -180 -85.05112878 min
        GEODIST Sicily Palermo Catania
        GEODIST Sicily Palermo Catania m
        GEODIST Sicily Palermo Catania KM
        GEODIST Sicily Palermo Catania ft
        GEODIST Sicily Palermo Catania Mi
        GEODIST Sicily Palermo Palermo
        GEODIST Sicily zero half
        GEODIST Sicily max min ft
        GEODIST Sicily Palermo none
        GEODIST Sicily none Palermo
        GEODIST none Palermo Catania
        GEODIST none Palermo Catania miles
        GEODIST Sicily Palermo Catania miles
        GEODIST Sicily Palermo Catania km extra
        GEODIST Sicily Palermo
        SET string v
        GEODIST string a b
        GEODIST string a b miles
        """);

    /// <summary>Positions and distances all over the world, so that every digit is compared often.</summary>
    [Fact]
    public void Random_positions()
    {
        var random = new Random(20260101);
        List<string> script = [];
        for (int i = 0; i < 500; i++)
        {
            script.Add(FormattableString.Invariant(
                $"GEOADD k {(random.NextDouble() * 360) - 180:R} {(random.NextDouble() * 170) - 85:R} {i} 13 {random.Next(-85, 86)} b{i}"));
            script.Add($"GEOPOS k {i}");
            script.Add($"GEOHASH k {i}");
            script.Add($"ZSCORE k {i}");
            script.Add($"GEODIST k {i} {random.Next(i + 1)} {new[] { "m", "km", "ft", "mi" }[i % 4]}");
            script.Add($"GEODIST k b{i} b{random.Next(i + 1)}");
        }
        Compare.SameReplies(script);
    }
}
