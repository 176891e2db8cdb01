using System.Text;
using Bixbite.Protocol;

namespace Bixbite.Fuzz.Targets;

/// <summary>What came out of a stream of requests, as text to compare.</summary>
internal sealed class RequestTranscript
{
    private readonly StringBuilder _text = new();

    public void BeginRequest() => _text.Append("request\n");

    public void Argument(ReadOnlySpan<byte> bytes) =>
        _text.Append(bytes.Length).Append(':').Append(Encoding.Latin1.GetString(bytes)).Append('\n');

    public string End(ProtocolError error, byte unexpected, int consumed) =>
        _text.Append($"{error} {unexpected} after {consumed}").ToString();
}
