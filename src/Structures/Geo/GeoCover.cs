using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Bixbite.Structures.Geo;

/// <summary>
/// The cells to look through for the positions of a shape: the one its centre lies in and those around it that the shape can reach, all
/// of one size. Cells are small enough that nine are worth reading and large enough that nine suffice; which ones, and in which order,
/// decides the order of unsorted results, so both are Redis':
/// <code>
///   +----+----+----+
///   | 6  | 1  | 5  |
///   +----+----+----+
///   | 4  | 0  | 3  |
///   +----+----+----+
///   | 8  | 2  | 7  |
///   +----+----+----+
/// </code>
/// </summary>
public ref struct GeoCover
{
    public const int CellCountMax = 9;

    /// <summary>Half of the equator in the metres of the web Mercator projection, a bit less.</summary>
    private const double HalfEquatorMeters = 20037726.37;

    private Cells _cells;
    private int _count;

    public GeoCover(in GeoShape shape)
    {
        GeoBounds bounds = shape.Bounds;
        GeoPoint center = shape.Center.Clamped();
        int step = StepFor(shape.RadiusMeters, shape.Center.Latitude);
        if (step > 1 && !ReachesAll(GeoCell.Of(center, step), bounds))
        {
            step--;
        }
        if (shape.IsPolygon)
        {
            // Redis stops here; for polygons, which it does not know, nothing has to be missed as it does near the poles.
            while (step > 1 && !Covers(GeoCell.Of(center, step), bounds))
            {
                step--;
            }
        }
        Choose(GeoCell.Of(center, step), bounds);
    }

    /// <summary>The cells, in the order in which they are to be read. Valid as long as the cover.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<GeoCell> CellsInOrder => ((ReadOnlySpan<GeoCell>)_cells)[.._count];

    private static int StepFor(double radiusMeters, double latitude)
    {
        if (radiusMeters == 0)
        {
            return Geohash.StepMax;
        }
        int step = 1;
        for (; radiusMeters < HalfEquatorMeters; radiusMeters *= 2)
        {
            step++;
        }
        step -= 2;

        // Cells become narrow towards the poles.
        double pole = Math.Abs(latitude);
        step -= pole > 80 ? 2 : pole > 66 ? 1 : 0;
        return Math.Clamp(step, 1, Geohash.StepMax);
    }

    /// <summary>The cells beside this one reach as far as the bounds. On the edges of the grid they are on its other side.</summary>
    private static bool ReachesAll(GeoCell center, in GeoBounds bounds) =>
        !(center.Neighbour(0, 1).Bounds.LatitudeMax < bounds.LatitudeMax)
        && !(center.Neighbour(0, -1).Bounds.LatitudeMin > bounds.LatitudeMin)
        && !(center.Neighbour(1, 0).Bounds.LongitudeMax < bounds.LongitudeMax)
        && !(center.Neighbour(-1, 0).Bounds.LongitudeMin > bounds.LongitudeMin);

    /// <summary>This cell or the ones beside it reach as far as the bounds.</summary>
    private static bool Covers(GeoCell center, in GeoBounds bounds)
    {
        GeoBounds own = center.Bounds;
        return (own.LatitudeMax >= bounds.LatitudeMax || center.Neighbour(0, 1).Bounds.LatitudeMax >= bounds.LatitudeMax)
            && (own.LatitudeMin <= bounds.LatitudeMin || center.Neighbour(0, -1).Bounds.LatitudeMin <= bounds.LatitudeMin)
            && (own.LongitudeMax >= bounds.LongitudeMax || center.Neighbour(1, 0).Bounds.LongitudeMax >= bounds.LongitudeMax)
            && (own.LongitudeMin <= bounds.LongitudeMin || center.Neighbour(-1, 0).Bounds.LongitudeMin <= bounds.LongitudeMin);
    }

    /// <summary>Adds the middle cell and those sides on which the shape reaches beyond it.</summary>
    private void Choose(GeoCell center, in GeoBounds bounds)
    {
        GeoBounds own = center.Bounds;
        bool isAll = center.Step < 2;
        bool north = isAll || !(own.LatitudeMax > bounds.LatitudeMax);
        bool south = isAll || !(own.LatitudeMin < bounds.LatitudeMin);
        bool east = isAll || !(own.LongitudeMax > bounds.LongitudeMax);
        bool west = isAll || !(own.LongitudeMin < bounds.LongitudeMin);

        _cells[_count++] = center;
        AddIf(north, center.Neighbour(0, 1));
        AddIf(south, center.Neighbour(0, -1));
        AddIf(east, center.Neighbour(1, 0));
        AddIf(west, center.Neighbour(-1, 0));
        AddIf(north && east, center.Neighbour(1, 1));
        AddIf(north && west, center.Neighbour(-1, 1));
        AddIf(south && east, center.Neighbour(1, -1));
        AddIf(south && west, center.Neighbour(-1, -1));
    }

    /// <summary>On a grid of two by two the cells on both sides are the same one, and follow each other.</summary>
    private void AddIf(bool isWanted, GeoCell cell)
    {
        Debug.Assert(_count is >= 1 and <= CellCountMax, "The middle cell comes first, and there are no more than nine.");
        if (isWanted && (_count == 1 || cell != _cells[_count - 1]))
        {
            _cells[_count++] = cell;
        }
    }

    [InlineArray(CellCountMax)]
    private struct Cells
    {
        private GeoCell _first;
    }
}
