using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.SortedSets;

namespace Bixbite.Commands.Geo.Shared;

/// <summary>
/// One search, whatever the command: reads the arguments, finds the members, orders them, and answers or stores them. As in Redis the
/// source is looked at first: its wrong type is told before any wrong argument.
/// </summary>
internal ref struct GeoQuery
{
    private readonly GeoForm _form;
    private readonly GeoStoring _storing;
    private GeoArea _area;
    private GeoDetails _details;
    private GeoOrder _order;
    private long _count;
    private bool _isAny;
    private int _storeIndex;
    private bool _storesDistances;

    private GeoQuery(GeoForm form, GeoStoring storing)
    {
        _form = form;
        _storing = storing;
        _storeIndex = storing == GeoStoring.Always ? 1 : 0;
    }

    public static void Run(CommandContext context, int sourceIndex, GeoForm form, GeoStoring storing)
    {
        KeyRef source = context.KeyToRead(sourceIndex);
        if (context.IsWrongType(source, KeyType.SortedSet))
        {
            return;
        }
        var query = new GeoQuery(form, storing);
        if (query.Read(context, source, sourceIndex + 1))
        {
            query.Execute(context, source);
        }
        query._area.Dispose();
    }

    private bool Read(CommandContext context, in KeyRef source, int first)
    {
        var arguments = new ArgumentReader(context, first);
        if (_form == GeoForm.Radius)
        {
            _area.ReadPosition(ref arguments);
            _area.ReadCircle(ref arguments);
        }
        else if (_form == GeoForm.RadiusByMember)
        {
            _area.ReadMember(ref arguments, context, source);
            ReadCircleAroundMember(ref arguments, source);
        }
        while (!arguments.IsAtEnd)
        {
            if (!TryReadOption(ref arguments) && !TryReadStore(ref arguments)
                && !(_form == GeoForm.Search && _area.TryRead(ref arguments, context, source)))
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        return !arguments.AnswerFailure() && IsComplete(context);
    }

    /// <summary>Redis does not look at the circle around a member of a missing key.</summary>
    private void ReadCircleAroundMember(ref ArgumentReader arguments, in KeyRef source)
    {
        if (source.Exists)
        {
            _area.ReadCircle(ref arguments);
            return;
        }
        arguments.Next();
        arguments.Next();
    }

    private bool TryReadOption(ref ArgumentReader arguments)
    {
        if (arguments.Match("withdist"u8))
        {
            _details |= GeoDetails.Distance;
        }
        else if (arguments.Match("withhash"u8))
        {
            _details |= GeoDetails.Geohash;
        }
        else if (arguments.Match("withcoord"u8))
        {
            _details |= GeoDetails.Position;
        }
        else if (arguments.Match("any"u8))
        {
            _isAny = true;
        }
        else if (arguments.Match("asc"u8))
        {
            _order = GeoOrder.NearestFirst;
        }
        else if (arguments.Match("desc"u8))
        {
            _order = GeoOrder.FarthestFirst;
        }
        else if (arguments.Match("count"u8, 1))
        {
            _count = arguments.Integer();
            if (_count <= 0)
            {
                arguments.Fail(ErrorText.GeoCount);
            }
        }
        else
        {
            return false;
        }
        return true;
    }

    private bool TryReadStore(ref ArgumentReader arguments)
    {
        if (_storing == GeoStoring.Always)
        {
            bool isMatch = arguments.Match("storedist"u8);
            _storesDistances |= isMatch;
            return isMatch;
        }
        if (_storing == GeoStoring.Never)
        {
            return false;
        }
        bool isStore = arguments.Match("store"u8, 1);
        if (!isStore && !arguments.Match("storedist"u8, 1))
        {
            return false;
        }
        _storesDistances = !isStore;
        _storeIndex = arguments.Position;
        arguments.Next();
        return true;
    }

    private readonly bool IsComplete(CommandContext context)
    {
        if (_storeIndex != 0 && _details != GeoDetails.None)
        {
            context.Reply.Error(_storing == GeoStoring.Always ? ErrorText.GeoSearchStoreDetails : ErrorText.GeoRadiusStoreDetails);
        }
        else if (_form == GeoForm.Search && !_area.HasOrigin)
        {
            ErrorText.GeoOrigin(context.Reply, context[0]);
        }
        else if (_form == GeoForm.Search && !_area.HasOutline)
        {
            ErrorText.GeoOutline(context.Reply, context[0]);
        }
        else if (_isAny && _count == 0)
        {
            context.Reply.Error(ErrorText.AnyWithoutCount);
        }
        else
        {
            return true;
        }
        return false;
    }

    private readonly void Execute(CommandContext context, in KeyRef source)
    {
        var matches = new GeoMatches();
        if (source.Exists)
        {
            matches.Find(new SortedSetValue(context.Database.Open(source)), _area.Shape, _isAny ? _count : long.MaxValue);
            int count = (int)Math.Min(matches.Count, _count == 0 ? long.MaxValue : _count);

            // The nearest few can only be told from a sorted result.
            matches.Arrange(_order == GeoOrder.None && _count != 0 && !_isAny ? GeoOrder.NearestFirst : _order, count);
        }
        if (_storeIndex != 0)
        {
            Store(context, matches);
        }
        else
        {
            matches.Answer(context.Reply, _details);
        }
        matches.Dispose();
    }

    private readonly void Store(CommandContext context, in GeoMatches matches)
    {
        ReadOnlySpan<byte> key = context[_storeIndex];
        if (matches.Count == 0)
        {
            Destination.Clear(context, key);
            return;
        }
        RecordDraft draft = context.Database.Draft(key, KeyType.SortedSet);
        matches.AddTo(new SortedSetValue(draft.Open()), _storesDistances);
        ReadOnlySpan<byte> name = _form == GeoForm.Search ? "geosearchstore"u8 : "georadiusstore"u8;
        Destination.Store(context, key, ref draft, matches.Count, name, matches.Count);
    }
}
