using Bixbite.Commands.Geo.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Propagation;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Geo;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.SortedSets;

namespace Bixbite.Commands.Geo;

/// <summary>Giving members their positions: GEOADD. A geo index is a sorted set whose scores are geohashes.</summary>
public sealed class GeoAdd
{
    private const int ArgumentsPerMember = 3;

    [Command(
        "geoadd", Group = "geo", Since = "3.2.0", Arity = -5,
        Flags = "write denyoom", Keys = "rw update; 1",
        History = "6.2.0 Added the `CH`, `NX` and `XX` options.",
        Complexity = "O(log(N)) for each member, with N the size of the index",
        Summary = "Adds members with positions to a geo index, or moves those that are there.",
        Syntax = "key [condition@6.2.0: NX | XX] [change=CH@6.2.0] (data: longitude:double latitude:double member) ...")]
    public void Run(CommandContext context)
    {
        int first = ReadOptions(context, out AddOptions options, out bool isChanges);
        const AddOptions both = AddOptions.OnlyMissing | AddOptions.OnlyPresent;
        int argumentCount = context.Count - first;
        if (argumentCount == 0 || argumentCount % ArgumentsPerMember != 0 || (options & both) == both)
        {
            context.Reply.Error(ErrorText.Syntax);
            return;
        }
        if (!TryReadPositions(context, first, out GeoPoint firstPosition))
        {
            return;
        }

        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.SortedSet))
        {
            return;
        }
        if (!at.Exists)
        {
            if ((options & AddOptions.OnlyPresent) != 0)
            {
                context.Reply.Integer(0);
                return;
            }
            context.Database.Create(ref at, context[1], KeyType.SortedSet);
        }
        (int added, int moved) = AddAll(
            context, new SortedSetValue(context.Database.Edit(at)), first, firstPosition, options);
        if (added + moved > 0)
        {
            context.Changed(context[1], KeyEventClass.SortedSet, "zadd"u8, added + moved);
            RepeatWithScores(context, first);
        }
        context.Reply.Integer(isChanges ? added + moved : added);
    }

    /// <summary>Scores are exact, and cheaper to repeat than positions.</summary>
    private static void RepeatWithScores(CommandContext context, int first)
    {
        Effects effects = context.Effects;
        if (!effects.IsWanted)
        {
            return;
        }
        effects.Begin(context.Count - ((context.Count - first) / ArgumentsPerMember));
        effects.Add("zadd"u8);
        for (int i = 1; i < first; i++)
        {
            effects.Add(context[i]);
        }
        for (int i = first; i < context.Count; i += ArgumentsPerMember)
        {
            var arguments = new ArgumentReader(context, i);
            effects.Add((long)Geohash.Encode(GeoArguments.ReadPosition(ref arguments)));
            effects.Add(context[i + ArgumentsPerMember - 1]);
        }
    }

    /// <summary>Returns where the options end.</summary>
    private static int ReadOptions(CommandContext context, out AddOptions options, out bool isChanges)
    {
        options = AddOptions.None;
        isChanges = false;
        int next = 2;
        for (; next < context.Count; next++)
        {
            ReadOnlySpan<byte> word = context[next];
            if (Ascii.EqualsIgnoreCase(word, "nx"u8))
            {
                options |= AddOptions.OnlyMissing;
            }
            else if (Ascii.EqualsIgnoreCase(word, "xx"u8))
            {
                options |= AddOptions.OnlyPresent;
            }
            else if (Ascii.EqualsIgnoreCase(word, "ch"u8))
            {
                isChanges = true;
            }
            else
            {
                break;
            }
        }
        return next;
    }

    /// <summary>Checks all positions, so that an error changes nothing. The first one is all that most commands have.</summary>
    private static bool TryReadPositions(CommandContext context, int first, out GeoPoint position)
    {
        var arguments = new ArgumentReader(context, first);
        position = GeoArguments.ReadPosition(ref arguments);
        arguments.Next();
        while (!arguments.IsAtEnd)
        {
            GeoArguments.ReadPosition(ref arguments);
            arguments.Next();
        }
        return !arguments.AnswerFailure();
    }

    private static (int Added, int Moved) AddAll(
        CommandContext context, SortedSetValue set, int first, GeoPoint position, AddOptions options)
    {
        int added = 0;
        int moved = 0;
        set.Expect((context.Count - first) / ArgumentsPerMember, context[first + ArgumentsPerMember - 1].Length);
        for (int i = first; i < context.Count; i += ArgumentsPerMember)
        {
            if (i != first)
            {
                var arguments = new ArgumentReader(context, i);
                position = GeoArguments.ReadPosition(ref arguments);
            }
            AddOutcome outcome = set.Add(context[i + ArgumentsPerMember - 1], Geohash.Encode(position), options, out _);
            added += outcome == AddOutcome.Added ? 1 : 0;
            moved += outcome == AddOutcome.Updated ? 1 : 0;
        }
        return (added, moved);
    }
}
