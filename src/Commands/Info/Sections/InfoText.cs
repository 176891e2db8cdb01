using System.Text;
using Bixbite.Engine.Facts;

namespace Bixbite.Commands.Info.Sections;

/// <summary>The answer of INFO while it is written: headings, and lines of a name and a value.</summary>
public sealed class InfoText
{
    private readonly StringBuilder _text = new();

    /// <summary>Begins a section; an empty line parts it from the one before.</summary>
    public void Heading(string heading)
    {
        if (_text.Length > 0)
        {
            _text.Append("\r\n");
        }
        _text.Append("# ").Append(heading).Append("\r\n");
    }

    public void Line(string name, string value) => _text.Append(name).Append(':').Append(value).Append("\r\n");

    /// <summary>Appends the facts of a section with the values that they have now.</summary>
    public void Section(InfoSection section)
    {
        Heading(section.Heading);
        foreach (Fact fact in section.Facts)
        {
            Line(fact.Name, fact.Text);
        }
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());

    /// <summary>A part of a name that came from elsewhere, without the characters that mean something to readers of INFO.</summary>
    public static string Safe(string part) => part.IndexOfAny(['#', ':', '\n', '\r']) < 0
        ? part
        : part.Replace('#', '_').Replace(':', '_').Replace('\n', '_').Replace('\r', '_');
}
