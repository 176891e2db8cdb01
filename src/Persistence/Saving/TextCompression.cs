using System.Buffers;
using Bixbite.Persistence.Pieces;
using Bixbite.Persistence.Rdb.Writing;
using Bixbite.Structures.Checks;

namespace Bixbite.Persistence.Saving;

/// <summary>
/// Turns a snapshot's blocks into the bytes of its file: strings that were left to be compressed are, on the thread that writes, since
/// that takes longer than to copy them. Strings beyond a size stay as they are.
/// <code>
///   block   | raw | string ...... | raw | string .....
///   block   | ..... string | raw |                          a string in several blocks is gathered first
/// </code>
/// </summary>
internal sealed class TextCompression
{
    /// <summary>Longer strings are written as they are: nobody has the memory to gather and compress them.</summary>
    private const int CompressedLengthMax = 4 << 20;

    /// <summary>Stretches of raw bytes below this size are written together with what is around them.</summary>
    private const int RawSizeMin = 4 * 1024;

    private const int OutputSizeMax = 128 * 1024;

    private readonly LzfCompressor _compressor = new();
    private readonly ArrayBufferWriter<byte> _output = new(OutputSizeMax);
    private readonly ArrayBufferWriter<byte> _gathered = new();
    private readonly List<ReadOnlyMemory<byte>> _ready = [];
    private long _textLeft;
    private bool _isGathering;

    /// <summary>The bytes, in order; each stretch is good until the next one is asked for.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Encode(IEnumerable<SnapshotBlock> blocks)
    {
        foreach (SnapshotBlock block in blocks)
        {
            int at = 0;
            foreach (TextMark text in block.Texts)
            {
                foreach (ReadOnlyMemory<byte> bytes in Pass(block, ref at, text.Offset))
                {
                    yield return bytes;
                }
                Begin(block, text.Length, ref at);
            }
            foreach (ReadOnlyMemory<byte> bytes in Pass(block, ref at, block.Length))
            {
                yield return bytes;
            }
        }
        if (_output.WrittenCount > 0)
        {
            yield return Output();
        }
    }

    /// <summary>Begins a string; one that is here as a whole is done at once.</summary>
    private void Begin(SnapshotBlock block, long length, ref int at)
    {
        var writer = new RdbWriter(_output, _compressor);
        if (length > CompressedLengthMax)
        {
            writer.Length((ulong)length);
        }
        else if (length <= block.Length - at)
        {
            writer.Long(block.GetSpan().Slice(at, (int)length));
            at += (int)length;
        }
        else
        {
            _isGathering = true;
            _textLeft = length;
        }
    }

    /// <summary>Takes what comes before the next string, the rest of the one before included.</summary>
    private List<ReadOnlyMemory<byte>> Pass(SnapshotBlock block, ref int at, int end)
    {
        _ready.Clear();
        if (_isGathering)
        {
            int count = (int)Math.Min(_textLeft, end - at);
            _gathered.Write(block.GetSpan().Slice(at, count));
            at += count;
            _textLeft -= count;
            if (_textLeft == 0)
            {
                _isGathering = false;
                new RdbWriter(_output, _compressor).Long(_gathered.WrittenSpan);
                _gathered.ResetWrittenCount();
            }
        }
        if (end - at < RawSizeMin)
        {
            _output.Write(block.GetSpan().Slice(at, end - at));
        }
        if (_output.WrittenCount > OutputSizeMax || (end - at >= RawSizeMin && _output.WrittenCount > 0))
        {
            _ready.Add(Output());
        }
        if (end - at >= RawSizeMin)
        {
            _ready.Add(block.Memory[at..end]);
        }
        at = end;
        return _ready;
    }

    private ReadOnlyMemory<byte> Output()
    {
        ReadOnlyMemory<byte> bytes = _output.WrittenMemory;
        _output.ResetWrittenCount();
        return bytes;
    }
}
