using Bixbite.Engine.Sessions;

namespace Bixbite.Scripting.Debugging;

/// <summary>The debugger's words for its client: lines, which are sent together as an array of status replies.</summary>
internal sealed class DebugLog(Session session)
{
    private const int SizeMaxInitial = 256;

    /// <summary>No other limit is less.</summary>
    private const int SizeMaxLeast = 60;

    /// <summary>Values are cut here even where the client wants them whole, in bytes.</summary>
    private const int SizeMaxEver = 64 << 20;

    private readonly List<byte[]> _lines = [];
    private bool _hasHinted;

    /// <summary>The bytes of a value or a reply that are shown; 0 is no limit.</summary>
    public int SizeMax { get; private set; } = SizeMaxInitial;

    /// <summary>A text of a value need not be longer than this.</summary>
    public int SizeNeeded => SizeMax == 0 ? SizeMaxEver : SizeMax + 1;

    /// <summary>The client knows how to change the limit, and does.</summary>
    public void Limit(int size)
    {
        _hasHinted = true;
        SizeMax = size is not 0 and <= SizeMaxLeast ? SizeMaxLeast : size;
    }

    public void Add(ReadOnlySpan<byte> line) => _lines.Add(line.ToArray());

    public void Add(string line) => _lines.Add(System.Text.Encoding.Latin1.GetBytes(line));

    /// <summary>A line that is cut where it exceeds the limit, which is told once.</summary>
    public void AddCut(DebugText line)
    {
        ReadOnlySpan<byte> bytes = line.Bytes;
        int limit = SizeMax == 0 ? SizeMaxEver : SizeMax;
        if (bytes.Length <= limit)
        {
            Add(bytes);
            return;
        }
        _lines.Add([.. bytes[..limit], .. " ..."u8]);
        if (!_hasHinted)
        {
            _hasHinted = true;
            Add("<hint> The above reply was trimmed. Use 'maxlen 0' to disable trimming."u8);
        }
    }

    /// <summary>Sends the lines.</summary>
    public void Send()
    {
        var reply = new DebugText(int.MaxValue);
        reply.Add('*').Add(_lines.Count).Add("\r\n"u8);
        foreach (byte[] line in _lines)
        {
            line.AsSpan().Replace((byte)'\r', (byte)' ');
            line.AsSpan().Replace((byte)'\n', (byte)' ');
            reply.Add('+').Add(line).Add("\r\n"u8);
        }
        _lines.Clear();
        session.Link.Send(reply.Bytes);
    }
}
