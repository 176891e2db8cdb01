using Bixbite.Commands.Geo.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Geo;
using Bixbite.Types;
using Bixbite.Types.SortedSets;

namespace Bixbite.Commands.Geo;

/// <summary>Where members are: GEOPOS, GEOHASH and GEODIST.</summary>
public sealed class GeoPos
{
    [Command(
        "geopos", Group = "geo", Since = "3.2.0", Arity = -2,
        Flags = "readonly", Keys = "ro access; 1",
        Complexity = "O(1) for each member",
        Summary = "Returns the longitudes and latitudes of members of a geo index.",
        Syntax = "key [member ...]")]
    public void Run(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.SortedSet))
        {
            return;
        }
        context.Reply.Array(context.Count - 2);
        for (int i = 2; i < context.Count; i++)
        {
            if (TryFind(context, at, i, out GeoPoint point))
            {
                GeoReply.Position(context.Reply, point);
            }
            else
            {
                context.Reply.NullArray();
            }
        }
    }

    [Command(
        "geohash", Group = "geo", Since = "3.2.0", Arity = -2,
        Flags = "readonly", Keys = "ro access; 1",
        Complexity = "O(1) for each member",
        Summary = "Returns the positions of members of a geo index as geohash texts.",
        Syntax = "key [member ...]")]
    public void GeoHash(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.SortedSet))
        {
            return;
        }
        context.Reply.Array(context.Count - 2);
        for (int i = 2; i < context.Count; i++)
        {
            if (TryFind(context, at, i, out GeoPoint point))
            {
                Geohash.WriteText(point, context.Reply.ReserveBulk(Geohash.TextSize));
            }
            else
            {
                context.Reply.Null();
            }
        }
    }

    [Command(
        "geodist", Group = "geo", Since = "3.2.0", Arity = -4,
        Flags = "readonly", Keys = "ro access; 1",
        Complexity = "O(1)",
        Summary = "Returns the distance between two members of a geo index.",
        Syntax = "key member1 member2 [unit: m=m | km=km | ft=ft | mi=mi]")]
    public void GeoDist(CommandContext context)
    {
        const int unitIndex = 4;
        if (context.Count > unitIndex + 1)
        {
            context.Reply.Error(ErrorText.Syntax);
            return;
        }
        double unitMeters = 1;
        if (context.Count > unitIndex)
        {
            var arguments = new ArgumentReader(context, unitIndex);
            unitMeters = GeoArguments.ReadUnit(ref arguments);
            if (arguments.AnswerFailure())
            {
                return;
            }
        }

        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.SortedSet))
        {
            return;
        }
        if (TryFind(context, at, 2, out GeoPoint first) && TryFind(context, at, 3, out GeoPoint second))
        {
            GeoReply.Distance(context.Reply, GeoDistance.Between(first, second) / unitMeters);
        }
        else
        {
            context.Reply.Null();
        }
    }

    private static bool TryFind(CommandContext context, in KeyRef at, int index, out GeoPoint point)
    {
        point = default;
        if (!at.Exists || !new SortedSetValue(context.Database.Open(at)).TryScoreOf(context[index], out double score))
        {
            return false;
        }
        point = Geohash.Decode(score);
        return true;
    }
}
