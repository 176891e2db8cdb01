using Bixbite.Structures.Text;

namespace Bixbite.Structures.Geo;

/// <summary>Units of length by their short names, in any letter case.</summary>
public static class GeoUnit
{
    public static bool TryParse(ReadOnlySpan<byte> name, out double meters)
    {
        meters = Ascii.EqualsIgnoreCase(name, "m"u8) ? 1
            : Ascii.EqualsIgnoreCase(name, "km"u8) ? 1000
            : Ascii.EqualsIgnoreCase(name, "ft"u8) ? 0.3048
            : Ascii.EqualsIgnoreCase(name, "mi"u8) ? 1609.34
            : 0;
        return meters != 0;
    }
}
