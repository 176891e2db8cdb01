using Bixbite.Commands.Hashes.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Propagation;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Packed;
using Bixbite.Types;
using Bixbite.Types.Hashes;

namespace Bixbite.Commands.Hashes;

/// <summary>HIMPORT: many hashes with the same fields, whose names the connection sends once.</summary>
[Command(
    "himport", Group = "hash", Since = "8.10.0", Arity = -2,
    Complexity = "Depends on the subcommand",
    Summary = "Stores many hashes with the same fields.")]
public sealed class HImport(FieldsetClients clients)
{
    private const int FirstValue = 4;

    [Command(
        "himport|prepare", Group = "hash", Since = "8.10.0", Arity = -4, Tips = "request_policy:all_shards",
        Complexity = "O(N*log(N)) with N the number of fields",
        Summary = "Names a set of fields for this connection.",
        Syntax = "fieldset-name field ...")]
    public void Prepare(CommandContext context)
    {
        byte[][] names = new byte[context.Count - 3][];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = context[i + 3].ToArray();
        }
        if (Fieldset.Create(names) is not { } fieldset)
        {
            context.Reply.Error(ErrorText.DuplicateFieldName);
            return;
        }
        clients.Put(context.Session, context[2], fieldset);
        context.Reply.Ok();
    }

    [Command(
        "himport|set", Group = "hash", Since = "8.10.0", Arity = -5,
        Flags = "write denyoom", Keys = "ow update; 2",
        Complexity = "O(N) with N the number of fields",
        Summary = "Stores a hash with the fields of a prepared set, in place of the one that was there.",
        Syntax = "key fieldset-name value ...")]
    public void Set(CommandContext context)
    {
        KeyRef at = context.KeyToWrite(2);
        if (context.IsWrongType(at, KeyType.Hash))
        {
            return;
        }
        if (clients.Of(context.Session)?.Find(context[3]) is not { } fieldset)
        {
            context.Reply.Error(ErrorText.NoSuchFieldset);
            return;
        }
        if (fieldset.Fields.Count != context.Count - FirstValue)
        {
            context.Reply.Error(ErrorText.FieldsetValueCount);
            return;
        }
        bool existed = at.Exists;
        RecordDraft draft = context.Database.Draft(context[2], KeyType.Hash);
        Fill(context, new HashValue(draft.Open()), fieldset);
        context.Database.Attach(ref at, ref draft, Deadline.None);
        context.Changed(context[2], KeyEventClass.Hash, "hset"u8, fieldset.Fields.Count);
        Repeat(context, fieldset, existed);
        context.Reply.Ok();
    }

    [Command(
        "himport|discard", Group = "hash", Since = "8.10.0", Arity = 3, Tips = "request_policy:all_shards",
        Complexity = "O(1)",
        Summary = "Forgets a prepared set of fields.",
        Syntax = "fieldset-name")]
    public void Discard(CommandContext context)
    {
        bool isRemoved = clients.Of(context.Session)?.Remove(context[2]) ?? false;
        context.Reply.Integer(isRemoved ? 1 : 0);
    }

    [Command(
        "himport|discardall", Group = "hash", Since = "8.10.0", Arity = 2, Tips = "request_policy:all_shards",
        Complexity = "O(N) with N the number of prepared sets",
        Summary = "Forgets all prepared sets of fields.")]
    public void DiscardAll(CommandContext context)
    {
        context.Reply.Integer(clients.Of(context.Session)?.Count ?? 0);
        clients.Of(context.Session)?.Clear();
    }

    /// <summary>The names of the fields are known to this client only.</summary>
    private static void Repeat(CommandContext context, Fieldset fieldset, bool existed)
    {
        Effects effects = context.Effects;
        if (existed)
        {
            effects.Write("DEL"u8, context[2]);
        }
        effects.Begin(2 + (2 * fieldset.Fields.Count));
        effects.Add("HSET"u8);
        effects.Add(context[2]);
        for (int i = 0; i < fieldset.Fields.Count; i++)
        {
            effects.Add(fieldset.Fields[i]);
            effects.Add(context.Arguments[FirstValue + fieldset.ValueIndices[i]]);
        }
    }

    private static void Fill(CommandContext context, in HashValue hash, Fieldset fieldset)
    {
        int lengthMax = 0;
        long packedSize = 0;
        for (int i = 0; i < fieldset.Fields.Count; i++)
        {
            byte[] field = fieldset.Fields[i];
            ReadOnlySpan<byte> value = context[FirstValue + fieldset.ValueIndices[i]];
            lengthMax = Math.Max(lengthMax, Math.Max(field.Length, value.Length));
            packedSize += Listpack.EntrySizeOf(field) + Listpack.EntrySizeOf(value);
        }
        hash.Expect(fieldset.Fields.Count, lengthMax, packedSize);
        for (int i = 0; i < fieldset.Fields.Count; i++)
        {
            hash.Set(fieldset.Fields[i], context[FirstValue + fieldset.ValueIndices[i]]);
        }
    }
}
