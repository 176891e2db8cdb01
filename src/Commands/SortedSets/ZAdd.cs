using System.Diagnostics;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.SortedSets;

namespace Bixbite.Commands.SortedSets;

/// <summary>Giving members their scores: ZADD and ZINCRBY.</summary>
public sealed class ZAdd
{
    [Command(
        "zadd", Group = "sorted_set", Since = "1.2.0", Arity = -4,
        Flags = "write denyoom fast", Keys = "rw update; 1",
        History = "2.4.0 Accepts multiple elements. | 3.0.2 Added the `XX`, `NX`, `CH` and `INCR` options. | "
            + "6.2.0 Added the `GT` and `LT` options.",
        Complexity = "O(log(N)) for each element, with N the size of the sorted set",
        Summary = "Adds members with scores to a sorted set, or changes the scores of those that are there.",
        Syntax = "key [condition@3.0.2: NX | XX] [comparison@6.2.0: GT | LT] [change=CH@3.0.2] [increment=INCR@3.0.2] (data: "
            + "score:double member) ...")]
    public void Run(CommandContext context)
    {
        int first = 2;
        var options = AddOptions.None;
        bool isChanges = false;
        while (first < context.Count && TryReadOption(context[first], ref options, ref isChanges))
        {
            first++;
        }
        if (AreValid(context, options, context.Count - first))
        {
            Add(context, new Request(first, options, isChanges));
        }
    }

    [Command(
        "zincrby", Group = "sorted_set", Since = "1.2.0", Arity = 4,
        Flags = "write denyoom fast", Keys = "rw access update; 1",
        Complexity = "O(log(N)) with N the size of the sorted set",
        Summary = "Adds to the score of a member of a sorted set; a missing member counts as 0.",
        Syntax = "key increment member")]
    public void ZIncrBy(CommandContext context) => Add(context, new Request(2, AddOptions.Increment, isChanges: false));

    private static bool TryReadOption(ReadOnlySpan<byte> word, ref AddOptions options, ref bool isChanges)
    {
        if (word.Length is < 2 or > 4 || (word[0] | 0x20) is < 'a' or > 'z')
        {
            return false;
        }
        AddOptions option = OptionOf(word);
        if (option == AddOptions.None && !Ascii.EqualsIgnoreCase(word, "ch"u8))
        {
            return false;
        }
        options |= option;
        isChanges |= option == AddOptions.None;
        return true;
    }

    private static AddOptions OptionOf(ReadOnlySpan<byte> word)
    {
        if (Ascii.EqualsIgnoreCase(word, "nx"u8))
        {
            return AddOptions.OnlyMissing;
        }
        if (Ascii.EqualsIgnoreCase(word, "xx"u8))
        {
            return AddOptions.OnlyPresent;
        }
        if (Ascii.EqualsIgnoreCase(word, "gt"u8))
        {
            return AddOptions.OnlyGreater;
        }
        if (Ascii.EqualsIgnoreCase(word, "lt"u8))
        {
            return AddOptions.OnlyLess;
        }
        return Ascii.EqualsIgnoreCase(word, "incr"u8) ? AddOptions.Increment : AddOptions.None;
    }

    private static bool AreValid(CommandContext context, AddOptions options, int argumentCount)
    {
        const AddOptions existence = AddOptions.OnlyMissing | AddOptions.OnlyPresent;
        const AddOptions comparison = AddOptions.OnlyGreater | AddOptions.OnlyLess;
        if (argumentCount % 2 != 0 || argumentCount <= 0)
        {
            context.Reply.Error(ErrorText.Syntax);
            return false;
        }
        if ((options & existence) == existence)
        {
            context.Reply.Error(ErrorText.ZAddNxXx);
            return false;
        }
        bool isCompared = (options & comparison) != 0;
        if ((options & comparison) == comparison || (isCompared && (options & AddOptions.OnlyMissing) != 0))
        {
            context.Reply.Error(ErrorText.ZAddGtLtNx);
            return false;
        }
        if ((options & AddOptions.Increment) != 0 && argumentCount > 2)
        {
            context.Reply.Error(ErrorText.ZAddIncrement);
            return false;
        }
        return true;
    }

    private static void Add(CommandContext context, in Request request)
    {
        int pairCount = (context.Count - request.First) / 2;
        if (!TryReadScores(context, request.First, out double firstScore))
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
            if ((request.Options & AddOptions.OnlyPresent) != 0)
            {
                Answer(context, request, default);
                return;
            }
            context.Database.Create(ref at, context[1], KeyType.SortedSet);
        }

        var set = new SortedSetValue(context.Database.Edit(at));
        set.Expect(pairCount, context[request.First + 1].Length);
        Counts counts = AddAll(context, set, request, firstScore);

        if (counts.Added + counts.Updated > 0)
        {
            context.Changed(context[1], KeyEventClass.SortedSet, request.IsIncrement ? "zincr"u8 : "zadd"u8, counts.Added + counts.Updated);
        }
        Answer(context, request, counts);
    }

    /// <summary>Checks all scores, so that an error changes nothing. The first one is all that most commands have.</summary>
    private static bool TryReadScores(CommandContext context, int first, out double firstScore)
    {
        bool isValid = Doubles.TryParse(context[first], out firstScore);
        for (int i = first + 2; isValid && i < context.Count; i += 2)
        {
            isValid = Doubles.TryParse(context[i], out _);
        }
        if (!isValid)
        {
            context.Reply.Error(ErrorText.NotAFloat);
        }
        return isValid;
    }

    private static Counts AddAll(CommandContext context, SortedSetValue set, in Request request, double firstScore)
    {
        var counts = default(Counts);
        double score = firstScore;
        for (int i = request.First; i < context.Count; i += 2)
        {
            if (i != request.First)
            {
                bool isValid = Doubles.TryParse(context[i], out score);
                Debug.Assert(isValid, "The scores were checked before.");
            }
            counts.Last = set.Add(context[i + 1], score, request.Options, out counts.NewScore);
            counts.Added += counts.Last == AddOutcome.Added ? 1 : 0;
            counts.Updated += counts.Last == AddOutcome.Updated ? 1 : 0;
        }
        return counts;
    }

    private static void Answer(CommandContext context, in Request request, in Counts counts)
    {
        if (!request.IsIncrement)
        {
            context.Reply.Integer(request.IsChanges ? counts.Added + counts.Updated : counts.Added);
        }
        else if (counts.Last == AddOutcome.NotANumber)
        {
            context.Reply.Error(ErrorText.ScoreNaN);
        }
        else if (counts.Last == AddOutcome.Refused)
        {
            context.Reply.Null();
        }
        else
        {
            context.Reply.Double(counts.NewScore);
        }
    }

    /// <summary>The parsed request: the first score's position, and how to add.</summary>
    private readonly struct Request(int first, AddOptions options, bool isChanges)
    {
        public int First => first;

        public AddOptions Options => options;

        /// <summary>CH: members whose score has changed count as well.</summary>
        public bool IsChanges => isChanges;

        public bool IsIncrement => (options & AddOptions.Increment) != 0;
    }

    private struct Counts
    {
        public int Added;
        public int Updated;
        public AddOutcome Last;
        public double NewScore;
    }
}
