using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types;

namespace Bixbite.Commands.Keys;

/// <summary>Giving a value another name or another database: RENAME, RENAMENX, MOVE, COPY.</summary>
public sealed class Rename(Databases databases)
{
    [Command(
        "rename", Group = "generic", Since = "1.0.0", Arity = 3,
        Flags = "write", Keys = "rw access delete; 1 | ow update; 2",
        Complexity = "O(1)",
        Summary = "Renames a key and overwrites the target.",
        Syntax = "key newkey:key")]
    public void Run(CommandContext context)
    {
        if (TryRename(context, isNx: false))
        {
            context.Reply.Ok();
        }
    }

    [Command(
        "renamenx", Group = "generic", Since = "1.0.0", Arity = 3,
        Flags = "write fast", Keys = "rw access delete; 1 | ow insert; 2",
        History = "3.2.0 The command no longer returns an error when source and destination names are the same.",
        Complexity = "O(1)",
        Summary = "Renames a key if the target does not exist.",
        Syntax = "key newkey:key")]
    public void RenameNx(CommandContext context)
    {
        if (TryRename(context, isNx: true))
        {
            context.Reply.Integer(1);
        }
    }

    [Command(
        "move", Group = "generic", Since = "1.0.0", Arity = 3,
        Flags = "write fast", Keys = "rw access update; 1", Databases = "2",
        Complexity = "O(1)",
        Summary = "Moves a key to another database.",
        Syntax = "key db:integer")]
    public void Move(CommandContext context)
    {
        if (databases.HasSlots)
        {
            context.Reply.Error(ClusterErrorText.NoMove);
            return;
        }
        if (!DatabaseArgument.TryRead(context, 2, databases, out Database? target))
        {
            return;
        }
        if (target == context.Database)
        {
            context.Reply.Error(ErrorText.SameObject);
            return;
        }
        ReadOnlySpan<byte> key = context[1];
        KeyRef from = context.KeyToWrite(1);
        KeyRef to = context.Keys.Write(target, key);
        bool isMoved = from.Exists && !to.Exists;
        if (isMoved)
        {
            context.Database.MoveTo(ref from, target, ref to, key);
            context.Changed(key, KeyEventClass.Generic, "move_from"u8);
            context.Changed(target, key, KeyEventClass.Generic, "move_to"u8, count: 0);
        }
        context.Reply.Integer(isMoved ? 1 : 0);
    }

    [Command(
        "copy", Group = "generic", Since = "6.2.0", Arity = -3,
        Flags = "write denyoom", Keys = "ro access; 1 | ow update; 2", Databases = "DB",
        Complexity = "O(N) with N the size of the value",
        Summary = "Copies a value to another key.",
        Syntax = "source:key destination:key [DB destination-db:integer] [REPLACE]")]
    public void Copy(CommandContext context)
    {
        Database target = context.Database;
        bool isReplace = false;
        for (int i = 3; i < context.Count; i++)
        {
            if (Ascii.EqualsIgnoreCase(context[i], "replace"u8))
            {
                isReplace = true;
            }
            else if (Ascii.EqualsIgnoreCase(context[i], "db"u8) && i + 1 < context.Count)
            {
                if (!DatabaseArgument.TryRead(context, ++i, databases, out Database? other))
                {
                    return;
                }
                target = other;
            }
            else
            {
                context.Reply.Error(ErrorText.Syntax);
                return;
            }
        }
        CopyTo(context, target, isReplace);
    }

    private static void CopyTo(CommandContext context, Database target, bool isReplace)
    {
        ReadOnlySpan<byte> newKey = context[2];
        if (target != context.Database && target.HasSlots)
        {
            context.Reply.Error(ClusterErrorText.NoCopyToOthers);
            return;
        }
        if (target == context.Database && context[1].SequenceEqual(newKey))
        {
            context.Reply.Error(ErrorText.SameObject);
            return;
        }
        KeyRef source = context.KeyToRead(1);
        bool exists = source.Exists;
        long size = exists ? context.Database.SizeOf(source.Record) : 0;
        KeyRef to = context.Keys.Write(target, newKey);
        if (!exists || (to.Exists && !isReplace))
        {
            context.Reply.Integer(0);
            return;
        }
        if (!context.HasRoomFor(size - (to.Exists ? target.SizeOf(to.Record) : 0)))
        {
            return;
        }
        if (to.Exists)
        {
            target.Remove(ref to);
        }
        KeyRef from = context.Keys.Peek(context.Database, context[1]);
        to = target.Find(newKey);
        context.Database.CopyTo(from, target, ref to, newKey);
        context.Changed(target, newKey, KeyEventClass.Generic, "copy_to"u8);
        context.Reply.Integer(1);
    }

    /// <summary>Renames; false where an error or a refusal was answered.</summary>
    private static bool TryRename(CommandContext context, bool isNx)
    {
        ReadOnlySpan<byte> newKey = context[2];
        if (!context.KeyToWrite(1).Exists)
        {
            context.Reply.Error(ErrorText.NoSuchKey);
            return false;
        }
        if (context[1].SequenceEqual(newKey))
        {
            if (isNx)
            {
                context.Reply.Integer(0);
            }
            return !isNx;
        }
        KeyRef to = context.KeyToWrite(2);
        if (to.Exists && isNx)
        {
            context.Reply.Integer(0);
            return false;
        }
        if (to.Exists)
        {
            context.Database.Remove(ref to);
        }
        KeyRef from = context.Keys.Peek(context.Database, context[1]);
        to = context.Database.Find(newKey);
        context.Database.MoveTo(ref from, context.Database, ref to, newKey);
        context.Changed(context[1], KeyEventClass.Generic, "rename_from"u8);
        context.Changed(newKey, KeyEventClass.Generic, "rename_to"u8, count: 0);
        return true;
    }
}
