using System.Globalization;
using Bixbite.Memory;
using Bixbite.Persistence.Loading;
using Bixbite.Platform;

namespace Bixbite.Persistence.Aof;

/// <summary>
/// Repeats the requests of one file, in groups whose keys are prefetched. It stops at the end, or where what comes next cannot be repeated,
/// and tells where the last good request ended: what to do about it is the <see cref="AofLoader"/>'s decision. A transaction is
/// good only as a whole.
/// </summary>
internal sealed class AofFileLoader : ILoader
{
    private const int GroupCount = 32;

    private readonly IDiskFile _file;
    private readonly string _path;
    private readonly AofRequestReader _reader;
    private readonly IAofReplay _replay;
    private readonly int _requestDelayUs;
    private long _transactionOffset;
    private int _next;

    /// <summary>A loader that goes on where the file stands and closes it at the end.</summary>
    public AofFileLoader(IDiskFile file, string path, long offset, Heap heap, IAofReplay replay, int requestDelayUs = 0)
    {
        _file = file;
        _path = path;
        _reader = new AofRequestReader(file, offset, heap);
        _replay = replay;
        _requestDelayUs = requestDelayUs;
        GoodEnd = offset;
        replay.BeginFile();
    }

    public long BytesTotal => _reader.Length;

    public long BytesRead => GoodEnd;

    public LoadFacts Facts { get; } = new();

    public string? Problem { get; private set; }

    /// <summary>How the file ended, once it has.</summary>
    public AofReadStatus Ending { get; private set; }

    /// <summary>Where the last request ended that was repeated; a transaction counts when it is whole.</summary>
    public long GoodEnd { get; private set; }

    public bool Run(Func<bool> isPaused)
    {
        _replay.BeginSlice();
        while (true)
        {
            while (_next < _reader.Count)
            {
                if (!RunGroup())
                {
                    return true;
                }
                if (isPaused())
                {
                    return false;
                }
            }
            _next = 0;
            AofReadStatus status = _reader.Read();
            if (status != AofReadStatus.Requests)
            {
                End(status);
                return true;
            }
        }
    }

    public void Dispose()
    {
        _replay.AbandonTransaction();
        _reader.Dispose();
        _file.Dispose();
    }

    private bool RunGroup()
    {
        int end = Math.Min(_next + GroupCount, _reader.Count);
        _replay.Prefetch(_reader.Batch, _next, end);
        for (; _next < end; _next++)
        {
            if (!_reader.IsAnnotation(_next) && !RunRequest(_next))
            {
                return false;
            }
            if (!_replay.IsInTransaction)
            {
                GoodEnd = _reader.EndOf(_next);
            }
        }
        return true;
    }

    private bool RunRequest(int index)
    {
        if (!_replay.IsInTransaction)
        {
            _transactionOffset = _reader.OffsetOf(index);
        }
        string? problem = _replay.Run(_reader.Batch, index, _reader.OffsetOf(index));
        if (problem is not null)
        {
            Fail(AofReadStatus.Damaged, _reader.OffsetOf(index), problem);
        }
        Rest.ForMicroseconds(_requestDelayUs);
        return problem is null;
    }

    private void End(AofReadStatus status)
    {
        Ending = status;
        if (!_replay.IsInTransaction)
        {
            GoodEnd = _reader.Offset;
        }
        switch (status)
        {
            case AofReadStatus.Damaged or AofReadStatus.Failed:
                Fail(status, _reader.Offset, _reader.Reason);
                break;
            case AofReadStatus.Torn when !_replay.IsInTransaction:
                Fail(status, _reader.Offset, "the file ends within a request");
                break;
            case AofReadStatus.Torn or AofReadStatus.End when _replay.IsInTransaction:
                Fail(AofReadStatus.Torn, _transactionOffset, "the transaction that begins there is not whole");
                break;
        }
    }

    private void Fail(AofReadStatus ending, long offset, string problem)
    {
        Ending = ending;
        Problem = string.Create(CultureInfo.InvariantCulture, $"{_path}, at byte {offset} of {_reader.Length}: {problem}");
    }
}
