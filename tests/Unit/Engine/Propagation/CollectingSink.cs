using System.Globalization;
using System.Text;
using Bixbite.Engine.Propagation;

namespace Bixbite.Unit.Engine.Propagation;

/// <summary>Keeps what is propagated: requests as words, each headed by its database, between bars.</summary>
internal sealed class CollectingSink : IPropagationSink
{
    private readonly StringBuilder _text = new();

    /// <summary>What came since the last call: <c>0: SET k v | 0: DEL x</c>.</summary>
    public string Take()
    {
        string text = _text.ToString();
        _text.Clear();
        return text;
    }

    public void Append(int database, ReadOnlySpan<byte> request, PropagationTargets targets)
    {
        _text.Append(_text.Length > 0 ? " | " : "").Append(database.ToString(CultureInfo.InvariantCulture)).Append(':');
        Continue(request);
    }

    public void Continue(ReadOnlySpan<byte> bytes)
    {
        foreach (string line in Encoding.Latin1.GetString(bytes).Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] is not ('*' or '$'))
            {
                _text.Append(' ').Append(line);
            }
        }
    }
}
