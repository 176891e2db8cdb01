using System.Globalization;
using System.Runtime.CompilerServices;

namespace Bixbite.Logging;

/// <summary>The handler of interpolated log texts: formats nothing when their level is not written.</summary>
[InterpolatedStringHandler]
public ref struct LogText
{
    private DefaultInterpolatedStringHandler _text;

    public LogText(int literalLength, int formattedCount, ServerLog log, LogLevel level, out bool isOn)
    {
        isOn = log.IsOn(level);
        IsOn = isOn;
        _text = isOn ? new DefaultInterpolatedStringHandler(literalLength, formattedCount, CultureInfo.InvariantCulture) : default;
    }

    public bool IsOn { get; }

    public void AppendLiteral(string text) => _text.AppendLiteral(text);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    public void AppendFormatted<T>(T value, string? format) => _text.AppendFormatted(value, format);

    internal string Finish() => _text.ToStringAndClear();
}
