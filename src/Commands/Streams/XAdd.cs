using Bixbite.Commands.Streams.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams;

/// <summary>XADD: one more entry at the end of a stream, which may be trimmed at its beginning in the same step.</summary>
public sealed class XAdd(ValueContext values)
{
    [Command(
        "xadd", Group = "stream", Since = "5.0.0", Arity = -5,
        Flags = "write denyoom fast",
        Keys = "rw update; 1 -- UPDATE instead of INSERT because of the optional trimming feature",
        Tips = "nondeterministic_output",
        History = "6.2.0 Added the `NOMKSTREAM` option, `MINID` trimming strategy and the `LIMIT` option. | "
            + "7.0.0 Added support for the `<ms>-*` explicit ID form.",
        Complexity = "O(1) to add; O(N) with N the number of entries that trimming removes",
        Summary = "Adds an entry to a stream; a missing key is created.",
        Syntax = "key [NOMKSTREAM@6.2.0] [condition: KEEPREF | DELREF | ACKED] [trim: (strategy: MAXLEN | MINID@6.2.0) [operator: "
            + "equal== | approximately=~] threshold [LIMIT count@6.2.0]] (id-selector: auto-id=* | id) (data: field value) ...")]
    public void Run(CommandContext context)
    {
        if (!TryRead(context, out AddRequest request))
        {
            return;
        }
        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.Stream))
        {
            return;
        }
        if (!at.Exists && request.IsExisting)
        {
            context.Reply.Null();
            return;
        }
        StreamId last = at.Exists ? new StreamValue(context.Database.Open(at)).LastId : default;
        if (!TryChoose(context, request, last, out StreamId id))
        {
            return;
        }
        if (!at.Exists)
        {
            context.Database.Create(ref at, context[1], KeyType.Stream);
        }
        var stream = new StreamValue(context.Database.Edit(at));
        stream.Append(id, new RequestFields(context, request.FieldIndex));
        EntryReply.Id(context.Reply, id);
        context.Changed(context[1], KeyEventClass.Stream, "xadd"u8);
        List<StreamId>? between = null;
        if (request.Trim.Kind != TrimKind.None && ReferencePolicies.Trim(context, stream, request.Trim, out between) > 0)
        {
            context.Changed(context[1], KeyEventClass.Stream, "xtrim"u8, count: 0);
        }
        if (between is not null)
        {
            StreamEffects.WriteAdded(context, id, request.FieldIndex);
            StreamEffects.WriteDeleted(context, between);
        }
        else if (request.IsIdChosen || request.Trim.IsApproximate || request.Trim.PolicyIndex > 0)
        {
            StreamEffects.WriteExactly(context, stream, request.Trim, request.IsIdChosen ? request.IdIndex : 0, id);
        }
    }

    private bool TryRead(CommandContext context, out AddRequest request)
    {
        request = default;
        var arguments = new ArgumentReader(context, 2);
        while (!arguments.IsAtEnd && !arguments.Peek().SequenceEqual("*"u8) && !request.HasId)
        {
            if (arguments.Match("nomkstream"u8))
            {
                request.IsExisting = true;
            }
            else if (!request.Trim.TryRead(ref arguments))
            {
                request.ReadId(ref arguments);
            }
        }
        if (!request.HasId && !arguments.HasFailed)
        {
            request.ChooseId(ref arguments);
        }
        request.Trim.Complete(ref arguments, isRequired: false, context.IsReplaying, values.Limits.StreamNodeEntriesMax);
        if (arguments.AnswerFailure())
        {
            return false;
        }
        int left = context.Count - request.FieldIndex;
        if (left < 2 || left % 2 != 0)
        {
            ErrorText.WrongArity(context.Reply, context.Command.FullName);
            return false;
        }
        if (!request.IsIdChosen && request.Id.IsZero)
        {
            context.Reply.Error(StreamErrorText.XAddZero);
            return false;
        }
        return true;
    }

    /// <summary>The id of the new entry; where there can be none, answers the error.</summary>
    private static bool TryChoose(CommandContext context, in AddRequest request, StreamId last, out StreamId id)
    {
        id = request.Id;
        if (last == StreamId.Max)
        {
            context.Reply.Error(StreamErrorText.XAddExhausted);
            return false;
        }
        if (request.IsIdChosen && request.HasMilliseconds)
        {
            if (id.Ms == last.Ms)
            {
                id = last.Sequence == ulong.MaxValue ? default : new StreamId(last.Ms, last.Sequence + 1);
            }
        }
        else if (request.IsIdChosen)
        {
            ulong now = (ulong)context.NowMs;
            id = new StreamId(now, 0);
            if (now <= last.Ms)
            {
                last.TryGetNext(out id);
            }
        }
        if (id <= last)
        {
            context.Reply.Error(StreamErrorText.XAddBackwards);
            return false;
        }
        long length = 0;
        for (int i = request.FieldIndex; i < context.Count; i++)
        {
            length += context[i].Length;
        }
        if (length > StreamValue.EntryLengthMax)
        {
            context.Reply.Error(StreamErrorText.XAddTooLarge);
            return false;
        }
        return true;
    }

    /// <summary>The part of the request before the fields.</summary>
    private struct AddRequest
    {
        public TrimOptions Trim;

        /// <summary>NOMKSTREAM: a missing key is not created.</summary>
        public bool IsExisting;

        /// <summary>The id as far as the client gave it.</summary>
        public StreamId Id { get; private set; }

        /// <summary>The server chooses the id, or its sequence number.</summary>
        public bool IsIdChosen { get; private set; }

        public bool HasMilliseconds { get; private set; }

        public int IdIndex { get; private set; }

        public readonly bool HasId => IdIndex != 0;

        public readonly int FieldIndex => IdIndex + 1;

        public void ReadId(ref ArgumentReader arguments)
        {
            HasMilliseconds = true;
            IdIndex = arguments.Position;
            if (IdArguments.TryParseMilliseconds(arguments.Peek(), out ulong milliseconds))
            {
                IsIdChosen = true;
                Id = new StreamId(milliseconds, 0);
                arguments.Next();
                return;
            }
            Id = arguments.Id();
        }

        public void ChooseId(ref ArgumentReader arguments)
        {
            IsIdChosen = true;
            IdIndex = arguments.Position;
        }
    }

    /// <summary>The fields and values where they lie in the request.</summary>
    private readonly struct RequestFields(CommandContext context, int first) : IStreamFields
    {
        public int Count => (context.Count - first) / 2;

        public ReadOnlySpan<byte> Field(int index) => context[first + (2 * index)];

        public ReadOnlySpan<byte> Value(int index) => context[first + (2 * index) + 1];
    }
}
