using System.Buffers;
using System.Diagnostics;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Geo;
using Bixbite.Types.SortedSets;

namespace Bixbite.Commands.Geo.Shared;

/// <summary>Where a search looks: its origin and its shape as the arguments give them, in any order. Owns a polygon's vertices.</summary>
internal ref struct GeoArea
{
    private const int VertexCountMin = 3;

    private Origin _origin;
    private Outline _outline;
    private GeoPoint _center;
    private double _width;
    private double _height;
    private double _unitMeters;
    private GeoPoint[]? _vertices;
    private int _vertexCount;

    private enum Origin : byte
    {
        None,
        Member,
        Position,
    }

    private enum Outline : byte
    {
        None,
        Circle,
        Box,
        Polygon,
    }

    /// <summary>A polygon is its own origin.</summary>
    public readonly bool HasOrigin => _origin != Origin.None || _outline == Outline.Polygon;

    public readonly bool HasOutline => _outline != Outline.None;

    public readonly GeoShape Shape
    {
        get
        {
            Debug.Assert(HasOrigin && HasOutline, "Only a complete area has a shape.");
            return _outline switch
            {
                Outline.Circle => GeoShape.Circle(_center, _width, _unitMeters),
                Outline.Box => GeoShape.Box(_center, _width, _height, _unitMeters),
                _ => GeoShape.Polygon(_vertices.AsSpan(0, _vertexCount)),
            };
        }
    }

    /// <summary>Takes the next words if they are an origin or a shape that goes with what is there already.</summary>
    public bool TryRead(ref ArgumentReader arguments, CommandContext context, in KeyRef source)
    {
        bool isPolygon = _outline == Outline.Polygon;
        if (!isPolygon && _origin != Origin.Position && arguments.Match("frommember"u8, 1))
        {
            ReadMember(ref arguments, context, source);
        }
        else if (!isPolygon && _origin != Origin.Member && arguments.Match("fromlonlat"u8, 2))
        {
            ReadPosition(ref arguments);
        }
        else if (_outline is Outline.None or Outline.Circle && arguments.Match("byradius"u8, 2))
        {
            ReadCircle(ref arguments);
        }
        else if (_outline is Outline.None or Outline.Box && arguments.Match("bybox"u8, 3))
        {
            ReadBox(ref arguments);
        }
        else if (_origin == Origin.None && (isPolygon || !HasOutline) && arguments.Match("bypolygon"u8, 2))
        {
            ReadPolygon(ref arguments);
        }
        else
        {
            return false;
        }
        return true;
    }

    /// <summary>A member as the origin; of a missing key none is looked up.</summary>
    public void ReadMember(ref ArgumentReader arguments, CommandContext context, in KeyRef source)
    {
        _origin = Origin.Member;
        ReadOnlySpan<byte> member = arguments.Next();
        if (!source.Exists)
        {
            return;
        }
        if (new SortedSetValue(context.Database.Open(source)).TryScoreOf(member, out double score))
        {
            _center = Geohash.Decode(score);
        }
        else
        {
            arguments.Fail(ErrorText.NoSuchGeoMember);
        }
    }

    public void ReadPosition(ref ArgumentReader arguments)
    {
        _origin = Origin.Position;
        _center = GeoArguments.ReadPosition(ref arguments);
    }

    public void ReadCircle(ref ArgumentReader arguments)
    {
        _outline = Outline.Circle;
        _width = arguments.Double(ErrorText.RadiusNotANumber);
        if (_width < 0)
        {
            arguments.Fail(ErrorText.RadiusNegative);
        }
        _unitMeters = GeoArguments.ReadUnit(ref arguments);
    }

    public readonly void Dispose()
    {
        if (_vertices is not null)
        {
            ArrayPool<GeoPoint>.Shared.Return(_vertices);
        }
    }

    private void ReadBox(ref ArgumentReader arguments)
    {
        _outline = Outline.Box;
        _width = arguments.Double(ErrorText.WidthNotANumber);
        _height = arguments.Double(ErrorText.HeightNotANumber);
        if (_width < 0 || _height < 0)
        {
            arguments.Fail(ErrorText.BoxNegative);
        }
        _unitMeters = GeoArguments.ReadUnit(ref arguments);
    }

    private void ReadPolygon(ref ArgumentReader arguments)
    {
        _outline = Outline.Polygon;
        long count = arguments.Integer(int.MinValue, int.MaxValue, ErrorText.VertexCount);
        if (count < VertexCountMin || count > arguments.Left / 2)
        {
            arguments.Fail(ErrorText.TooFewVertices);
            return;
        }
        Dispose();
        _vertexCount = (int)count;
        _vertices = ArrayPool<GeoPoint>.Shared.Rent(_vertexCount);
        for (int i = 0; i < _vertexCount; i++)
        {
            _vertices[i] = GeoArguments.ReadPosition(ref arguments);
        }
    }
}
