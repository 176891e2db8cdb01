using System.Diagnostics;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.Hashes;

namespace Bixbite.Commands.Hashes.Shared;

/// <summary>
/// The hash of a command that changes it: opened before the change and closed after it, which removes a key without fields and tells
/// the database when the next field expires.
/// </summary>
internal ref struct HashEdit
{
    private readonly CommandContext _context;
    private readonly ReadOnlySpan<byte> _key;
    private KeyRef _at;
    private long _nextDeadlineMs;

    private HashEdit(CommandContext context, ReadOnlySpan<byte> key, KeyRef at)
    {
        _context = context;
        _key = key;
        _at = at;
        _nextDeadlineMs = FieldDeadlines.None;
    }

    public readonly bool Exists => _at.Exists;

    /// <summary>
    /// The hash at the argument that holds the key, which need not exist. False if WRONGTYPE was answered.
    /// </summary>
    public static bool TryFind(CommandContext context, int keyIndex, out HashEdit edit)
    {
        edit = new HashEdit(context, context[keyIndex], context.KeyToWrite(keyIndex));
        if (context.IsWrongType(edit._at, KeyType.Hash))
        {
            return false;
        }
        if (edit.Exists && new HashValue(context.Database.Open(edit._at)).IsHiding)
        {
            edit.ExpireNamed(keyIndex + 1);
        }
        return true;
    }

    /// <summary>The hash for changing it; created if it is missing.</summary>
    public HashValue Open()
    {
        if (!_at.Exists)
        {
            _context.Database.Create(ref _at, _key, KeyType.Hash);
        }
        var hash = new HashValue(_context.Database.Edit(_at));
        _nextDeadlineMs = hash.NextDeadlineMs;
        return hash;
    }

    /// <summary>Ends the change. True if no field was left, so that the key is gone.</summary>
    public bool Close()
    {
        Debug.Assert(_at.Exists, "Only what was opened is closed.");
        var hash = new HashValue(_context.Database.Open(_at));
        if (hash.IsEmpty)
        {
            _context.Keys.RemoveHash(_context.Database, ref _at);
            return true;
        }
        if (hash.NextDeadlineMs != _nextDeadlineMs)
        {
            _context.Database.NoteFieldDeadlines(_at);
        }
        return false;
    }

    /// <summary>Closes, and tells that so many fields changed and, if the key is gone, that too.</summary>
    public void Close(ReadOnlySpan<byte> eventName, long count)
    {
        bool isGone = Close();
        Tell(eventName, count);
        if (isGone)
        {
            _context.Changed(_key, KeyEventClass.Generic, "del"u8, count: 0);
        }
    }

    public readonly void Tell(ReadOnlySpan<byte> eventName, long count) =>
        _context.Changed(_key, KeyEventClass.Hash, eventName, count);

    /// <summary>
    /// Removes fields that are hidden and may be named by an argument from this one on; what is none of them does no harm.
    /// </summary>
    private readonly void ExpireNamed(int first)
    {
        bool isAny = false;
        for (int i = first; i < _context.Count; i++)
        {
            isAny |= _context.Keys.TryExpireField(_context.Database, _at, _context[i]);
        }
        if (isAny)
        {
            _context.Keys.TellExpiredFields(_context.Database, _at);
        }
    }
}
