using System.Runtime.InteropServices;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types;

namespace Bixbite.Commands.SortedSets.Shared;

/// <summary>The options of a command of the ZUNION kind.</summary>
[Flags]
internal enum AlgebraOptions
{
    None = 0,

    /// <summary>WEIGHTS and AGGREGATE.</summary>
    Scores = 1,

    /// <summary>WITHSCORES.</summary>
    WithScores = 2,

    /// <summary>LIMIT.</summary>
    Limit = 4,
}

/// <summary>
/// The arguments of ZUNION and its kin: inputs with their weights, and how scores are combined. Kept by the command's class, so that
/// nothing is allocated for each command.
/// </summary>
internal sealed class AlgebraRequest
{
    private readonly List<ScoreInput> _inputs = [];
    private readonly List<double> _weights = [];

    /// <summary>In the command's order until someone sorts them.</summary>
    public Span<ScoreInput> Inputs => CollectionsMarshal.AsSpan(_inputs);

    public Aggregate Aggregate { get; private set; }

    public bool WithScores { get; private set; }

    /// <summary>LIMIT; 0 for none.</summary>
    public long Limit { get; private set; }

    /// <summary>Reads everything from the number of keys on; answers the error otherwise.</summary>
    public bool TryRead(CommandContext context, int numKeysIndex, AlgebraOptions options)
    {
        if (!TryReadKeyCount(context, numKeysIndex, out int keyCount) || !AreSets(context, numKeysIndex + 1, keyCount))
        {
            return false;
        }
        Clear();
        var arguments = new ArgumentReader(context, numKeysIndex + 1 + keyCount);
        while (!arguments.IsAtEnd)
        {
            ReadOption(ref arguments, options, keyCount);
        }
        if (arguments.AnswerFailure())
        {
            return false;
        }
        for (int i = 0; i < keyCount; i++)
        {
            // Keys were looked for before: none that comes now is due, so none goes, and all references stay good.
            KeyRef at = context.Keys.Peek(context.Database, context[numKeysIndex + 1 + i]);
            _inputs.Add(new ScoreInput(context.Database, at, i, _weights.Count > 0 ? _weights[i] : 1));
        }
        return true;
    }

    /// <summary>The smallest first, equal ones as they were: the order in which scores are added up shows in the sums.</summary>
    public void SortBySize() =>
        _inputs.Sort(static (a, b) => a.Count != b.Count ? a.Count.CompareTo(b.Count) : a.Number.CompareTo(b.Number));

    private void Clear()
    {
        _inputs.Clear();
        _weights.Clear();
        Aggregate = Aggregate.Sum;
        WithScores = false;
        Limit = 0;
    }

    private static bool TryReadKeyCount(CommandContext context, int numKeysIndex, out int keyCount)
    {
        keyCount = 0;
        if (!Integers.TryParse(context[numKeysIndex], out long count))
        {
            context.Reply.Error(ErrorText.NotAnInteger);
            return false;
        }
        if (count < 1)
        {
            ErrorText.NoInputKeys(context.Reply, context.Command.FullName);
            return false;
        }
        if (count > context.Count - (numKeysIndex + 1))
        {
            context.Reply.Error(ErrorText.Syntax);
            return false;
        }
        keyCount = (int)count;
        return true;
    }

    private static bool AreSets(CommandContext context, int first, int keyCount)
    {
        for (int i = first; i < first + keyCount; i++)
        {
            KeyRef at = context.KeyToRead(i);
            if (at.Exists && at.Record.Type is not (KeyType.SortedSet or KeyType.Set))
            {
                context.Reply.Error(ErrorText.WrongType);
                return false;
            }
        }
        return true;
    }

    private void ReadOption(ref ArgumentReader arguments, AlgebraOptions options, int keyCount)
    {
        bool isScores = (options & AlgebraOptions.Scores) != 0;
        if (isScores && arguments.Match("weights"u8, keyCount))
        {
            _weights.Clear();
            for (int i = 0; i < keyCount && !arguments.HasFailed; i++)
            {
                if (!Doubles.TryParse(arguments.Next(), out double weight))
                {
                    arguments.Fail(ErrorText.WeightNotAFloat);
                }
                _weights.Add(weight);
            }
        }
        else if (isScores && arguments.Match("aggregate"u8, valueCount: 1))
        {
            ReadAggregate(ref arguments);
        }
        else if ((options & AlgebraOptions.WithScores) != 0 && arguments.Match("withscores"u8))
        {
            WithScores = true;
        }
        else if ((options & AlgebraOptions.Limit) != 0 && arguments.Match("limit"u8, valueCount: 1))
        {
            Limit = arguments.Integer(0, long.MaxValue, ErrorText.LimitNegative);
        }
        else
        {
            arguments.Fail(ErrorText.Syntax);
        }
    }

    private void ReadAggregate(ref ArgumentReader arguments)
    {
        if (arguments.Match("sum"u8))
        {
            Aggregate = Aggregate.Sum;
        }
        else if (arguments.Match("min"u8))
        {
            Aggregate = Aggregate.Min;
        }
        else if (arguments.Match("max"u8))
        {
            Aggregate = Aggregate.Max;
        }
        else if (arguments.Match("count"u8))
        {
            Aggregate = Aggregate.Count;
        }
        else
        {
            arguments.Fail(ErrorText.Syntax);
        }
    }
}
