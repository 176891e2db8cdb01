using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams.Shared;

/// <summary>Ids in a request that were checked: they are read again where they are needed, so that none are kept.</summary>
internal struct IdList
{
    private bool _hasPolicy;

    public int FirstIndex { get; private set; }

    public int Count { get; private set; }

    public ReferencePolicy Policy { get; private set; }

    /// <summary>The ids from a position to the end; on failure answers the error.</summary>
    public static bool TryReadRest(CommandContext context, int position, out IdList ids)
    {
        var arguments = new ArgumentReader(context, position);
        ids = new IdList { FirstIndex = position, Count = arguments.Left };
        while (!arguments.IsAtEnd)
        {
            arguments.Id();
        }
        return !arguments.AnswerFailure();
    }

    /// <summary>The options of XDELEX and XACKDEL, in any order: <c>[KEEPREF | DELREF | ACKED] IDS numids id ...</c>.</summary>
    public static bool TryReadOptions(CommandContext context, int position, out IdList ids)
    {
        ids = default;
        var arguments = new ArgumentReader(context, position);
        while (!arguments.IsAtEnd)
        {
            if (ids.Count == 0 && arguments.Match("ids"u8, valueCount: 1))
            {
                ids.ReadCounted(ref arguments);
            }
            else if (!ids._hasPolicy && ReferencePolicies.TryRead(ref arguments, out ReferencePolicy policy))
            {
                ids._hasPolicy = true;
                ids.Policy = policy;
            }
            else
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        if (!arguments.HasFailed && ids.Count == 0)
        {
            arguments.Fail(ErrorText.Syntax);
        }
        return !arguments.AnswerFailure();
    }

    public readonly StreamId At(CommandContext context, int index)
    {
        IdArguments.TryParse(context[FirstIndex + index], missingSequence: 0, out StreamId id);
        return id;
    }

    private void ReadCounted(ref ArgumentReader arguments)
    {
        long count = arguments.Integer(1, long.MaxValue, StreamErrorText.IdCountTooSmall);
        if (count > arguments.Left)
        {
            arguments.Fail(StreamErrorText.IdCountMismatch);
        }
        FirstIndex = arguments.Position;
        for (long i = 0; i < count && !arguments.HasFailed; i++)
        {
            arguments.Id();
            Count++;
        }
    }
}
