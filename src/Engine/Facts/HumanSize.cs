using System.Globalization;

namespace Bixbite.Engine.Facts;

/// <summary>Bytes as people read them: <c>512B</c>, <c>1.50K</c>, <c>2.00G</c>.</summary>
public static class HumanSize
{
    private const string Units = "KMGTPE";
    private const double UnitFactor = 1024;

    public static string Of(long bytes)
    {
        if (bytes < UnitFactor)
        {
            return bytes.ToString(CultureInfo.InvariantCulture) + "B";
        }
        double size = bytes / UnitFactor;
        int unit = 0;
        while (size >= UnitFactor && unit < Units.Length - 1)
        {
            size /= UnitFactor;
            unit++;
        }
        return size.ToString("F2", CultureInfo.InvariantCulture) + Units[unit];
    }
}
