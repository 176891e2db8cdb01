using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Geo;

/// <summary>GEORADIUS, GEORADIUSBYMEMBER and their forms that only read.</summary>
public sealed class GeoRadiusTests
{
    private const string Places =
        "GEOADD Sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania 14.733333 36.933333 Ragusa 15.287602 37.070104 Siracusa";

    [Fact]
    public void Around_a_position() => Compare.SameReplies(
        $"""
        {Places}
        GEORADIUS Sicily 15 37 200 km
        GEORADIUS Sicily 15 37 200 km WITHDIST
        GEORADIUS Sicily 15 37 200 km WITHCOORD WITHHASH WITHDIST ASC
        GEORADIUS Sicily 15 37 200 km DESC COUNT 2
        GEORADIUS Sicily 15 37 200 km COUNT 2
        GEORADIUS Sicily 15 37 200 km COUNT 2 ANY
        GEORADIUS_RO Sicily 15 37 200 km ASC
        GEORADIUS none 15 37 200 km
        GEORADIUS_RO none 15 37 200 km
        GEORADIUS Sicily 15 37 x km
        GEORADIUS Sicily 15 37 -1 km
        GEORADIUS Sicily 15 37 1 miles
        GEORADIUS Sicily 15 97 1 km
        GEORADIUS Sicily x 37 1 km
        GEORADIUS none x 37 1 km
        GEORADIUS none 15 37 x km
        GEORADIUS Sicily 15 37 200 km BYRADIUS 1 km
        GEORADIUS Sicily 15 37 200 km FROMLONLAT 15 37
        GEORADIUS Sicily 15 37 200 km ANY
        GEORADIUS_RO Sicily 15 37 200 km STORE dst
        GEORADIUS_RO Sicily 15 37 200 km STOREDIST dst
        SET string v
        GEORADIUS string 15 37 200 km
        GEORADIUS string x y z q
        GEORADIUS Sicily 15 37 200
        GEORADIUS_RO Sicily 15 37 200
        """);

    [Fact]
    public void Around_a_member() => Compare.SameReplies(
        $"""
        {Places}
        GEORADIUSBYMEMBER Sicily Palermo 200 km
        GEORADIUSBYMEMBER Sicily Catania 50 mi WITHDIST WITHCOORD DESC
        GEORADIUSBYMEMBER_RO Sicily Catania 100 km COUNT 1
        GEORADIUSBYMEMBER Sicily nobody 100 km
        GEORADIUSBYMEMBER Sicily Palermo x km
        GEORADIUSBYMEMBER Sicily Palermo -1 km
        GEORADIUSBYMEMBER Sicily Palermo 1 miles
        GEORADIUSBYMEMBER none a 100 km
        GEORADIUSBYMEMBER none a x km
        GEORADIUSBYMEMBER none a 1 miles
        GEORADIUSBYMEMBER none a 1 km nonsense
        GEORADIUSBYMEMBER none a 1 km COUNT 0
        GEORADIUSBYMEMBER_RO none a 1 km
        GEORADIUSBYMEMBER_RO Sicily Palermo 200 km STORE dst
        SET string v
        GEORADIUSBYMEMBER string a 1 km
        GEORADIUSBYMEMBER_RO string a 1 km
        GEORADIUSBYMEMBER Sicily Palermo 200
        GEORADIUSBYMEMBER_RO Sicily Palermo 200
        """);

    [Fact]
    public void Storing() => Compare.SameReplies(
        $"""
        {Places}
        GEORADIUS Sicily 15 37 200 km STORE dst
        ZRANGE dst 0 -1 WITHSCORES
        GEORADIUS Sicily 15 37 200 km STOREDIST dst COUNT 2
        ZRANGE dst 0 -1
        GEORADIUSBYMEMBER Sicily Palermo 200 km STORE dst DESC
        ZRANGE dst 0 -1 WITHSCORES
        GEORADIUS Sicily 15 37 200 km STORE first STOREDIST second
        EXISTS first second
        GEORADIUS Sicily 15 37 1 m STORE second
        EXISTS second
        GEORADIUS none 15 37 1 m STORE dst
        EXISTS dst
        GEORADIUSBYMEMBER none a 1 m STORE dst
        GEORADIUS Sicily 15 37 200 km WITHDIST STORE dst
        GEORADIUS Sicily 15 37 200 km WITHHASH STORE dst
        GEORADIUSBYMEMBER Sicily Palermo 200 km WITHCOORD STORE dst
        GEORADIUS Sicily 15 37 200 km STORE
        GEORADIUS Sicily 15 37 200 km STOREDIST
        COMMAND GETKEYS GEORADIUS Sicily 15 37 200 km
        COMMAND GETKEYS GEOSEARCHSTORE dst src FROMLONLAT 15 37 BYRADIUS 200 km
        """);
}
