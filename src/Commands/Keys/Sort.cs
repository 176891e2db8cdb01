using Bixbite.Commands.Keys.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Lists;

namespace Bixbite.Commands.Keys;

/// <summary>
/// SORT and SORT_RO: the elements of a list, a set or a sorted set, sorted by themselves or by what other keys hold, and answered or
/// stored as they are or as what other keys hold. Elements are not copied: nothing that is looked up moves them.
/// </summary>
public sealed class Sort(IAccessRules access)
{
    private const string ReadKeys = "ro access; 1 | ro access; unknown outside -- For the optional BY/GET keyword. "
        + "It is marked 'unknown' because the key names derive from the content of the key we sort";

    private readonly SortElements _elements = new();
    private readonly List<int> _getIndices = [];

    [Command(
        "sort", Group = "generic", Since = "1.0.0", Arity = -2,
        Flags = "write denyoom", Categories = "set sortedset list dangerous",
        Keys = ReadKeys + " | ow update; unknown after STORE -- For the optional STORE keyword. "
            + "It is marked 'unknown' because the keyword can appear anywhere in the argument array",
        Complexity = "O(N+M*log(M)) with N the number of elements and M the number of those returned",
        Summary = "Sorts the elements of a list, a set or a sorted set, and answers or stores them.",
        Syntax = "key [BY by-pattern:pattern@1] [LIMIT (limit: offset count)] [(GET get-pattern:pattern@1) ...] [order: ASC | DESC] "
            + "[sorting=ALPHA] [STORE destination:key@2]")]
    public void Run(CommandContext context) => Run(context, mayStore: true);

    [Command(
        "sort_ro", Group = "generic", Since = "7.0.0", Arity = -2,
        Flags = "readonly", Categories = "set sortedset list dangerous",
        Keys = ReadKeys,
        Complexity = "O(N+M*log(M)) with N the number of elements and M the number of those returned",
        Summary = "Sorts the elements of a list, a set or a sorted set, and answers them.",
        Syntax = "key [BY by-pattern:pattern@1] [LIMIT (limit: offset count)] [(GET get-pattern:pattern@1) ...] [order: ASC | DESC] "
            + "[sorting=ALPHA]")]
    public void SortRo(CommandContext context) => Run(context, mayStore: false);

    private void Run(CommandContext context, bool mayStore)
    {
        var request = new SortRequest(_getIndices);
        if (!request.TryRead(context, mayStore, access.MayReadEveryKey(context)))
        {
            return;
        }
        KeyRef at = context.KeyToRead(1);
        if (at.Exists && at.Record.Type is not (KeyType.List or KeyType.Set or KeyType.SortedSet))
        {
            context.Reply.Error(ErrorText.WrongType);
            return;
        }
        if (at.Exists && at.Record.Type == KeyType.Set && request.IsUnsorted
            && (request.TargetIndex != 0 || context.Origin.IsScripted))
        {
            request.SortByText();
        }

        (long first, long count) = at.Exists ? _elements.Read(context, at, request) : default;
        if (!request.IsUnsorted)
        {
            if (!_elements.TryWeigh(context, request))
            {
                context.Reply.Error(ErrorText.SortNotANumber);
                _elements.Clear();
                return;
            }
            _elements.Sort(request);
        }
        ReadOnlySpan<SortItem> items = _elements.Items.Slice((int)first, (int)count);
        if (request.TargetIndex == 0)
        {
            Answer(context, request, items);
        }
        else
        {
            Store(context, request, items);
        }
        _elements.Clear();
    }

    private static void Answer(CommandContext context, in SortRequest request, ReadOnlySpan<SortItem> items)
    {
        context.Reply.Array((long)items.Length * request.TextsPerElement);
        foreach (ref readonly SortItem item in items)
        {
            if (request.GetIndices.Count == 0)
            {
                Answer(context.Reply, item.Element);
            }
            foreach (int index in request.GetIndices)
            {
                if (new SortPattern(context[index]).TryFind(context, item.Element, out StoredText value))
                {
                    Answer(context.Reply, value);
                }
                else
                {
                    context.Reply.Null();
                }
            }
        }
    }

    private static void Answer(ReplyWriter reply, StoredText text)
    {
        if (text.IsInteger)
        {
            reply.BulkInteger(text.Integer);
        }
        else
        {
            reply.Bulk(text.Bytes);
        }
    }

    private static void Store(CommandContext context, in SortRequest request, ReadOnlySpan<SortItem> items)
    {
        ReadOnlySpan<byte> target = context[request.TargetIndex];
        if (items.IsEmpty)
        {
            Destination.Clear(context, target);
            return;
        }
        RecordDraft draft = context.Database.Draft(target, KeyType.List);
        var list = new ListValue(draft.Open());
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        foreach (ref readonly SortItem item in items)
        {
            if (request.GetIndices.Count == 0)
            {
                list.Append(item.Element.Text(scratch));
            }
            foreach (int index in request.GetIndices)
            {
                bool isFound = new SortPattern(context[index]).TryFind(context, item.Element, out StoredText value);
                list.Append(isFound ? value.Text(scratch) : default);
            }
        }
        long count = (long)items.Length * request.TextsPerElement;
        Destination.Store(context, target, ref draft, count, "sortstore"u8, count);
    }
}
