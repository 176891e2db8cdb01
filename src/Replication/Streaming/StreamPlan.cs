namespace Bixbite.Replication.Streaming;

/// <summary>
/// Where the next bytes of a stream are to be read, piece by piece. The <see cref="StreamLog"/>'s owner makes and releases it with the
/// execution lock; in between the thread reads it.
/// </summary>
internal sealed class StreamPlan
{
    private readonly List<Piece> _pieces = [];
    private int _index;
    private long _done;

    public int PieceCount => _pieces.Count;

    /// <summary>All of it was read.</summary>
    public bool IsDone => _index == _pieces.Count;

    /// <summary>These bytes of a file come next.</summary>
    public void Add(LoggedFile file, long offset, long size)
    {
        file.Hold();
        _pieces.Add(new Piece(file, offset, size, []));
    }

    /// <summary>These bytes come next.</summary>
    public void Add(byte[] own) => _pieces.Add(new Piece(null, 0, own.Length, own));

    /// <summary>Reads on, some bytes; null, or what failed.</summary>
    public string? Read(Span<byte> target, out int count)
    {
        Piece piece = _pieces[_index];
        count = (int)Math.Min(target.Length, piece.Size - _done);
        if (piece.File is null)
        {
            piece.Own.AsSpan((int)_done, count).CopyTo(target);
        }
        else if (piece.File.Read(piece.Offset + _done, target[..count], out count) is { } problem)
        {
            return problem;
        }
        _done += count;
        if (_done == piece.Size)
        {
            _index++;
            _done = 0;
        }
        return null;
    }

    /// <summary>Nobody reads it any more.</summary>
    public void Release() => _pieces.ForEach(static piece => piece.File?.Release());

    private readonly record struct Piece(LoggedFile? File, long Offset, long Size, byte[] Own);
}
