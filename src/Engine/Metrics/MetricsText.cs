using System.Buffers;
using System.Globalization;
using System.Text;

namespace Bixbite.Engine.Metrics;

/// <summary>
/// Metrics as Prometheus reads them, in one of two formats that differ in little: OpenMetrics 1.0, and the text format 0.0.4 of all
/// releases of Prometheus. Families are written one after the other, each with all its samples.
/// </summary>
/// <remarks>
/// <code>
///   # HELP redis_db_keys keys in section Keyspace of INFO.
///   # TYPE redis_db_keys gauge
///   redis_db_keys{db="db0"} 12
/// </code>
/// </remarks>
public sealed class MetricsText
{
    private const int InitialSize = 32 * 1024;
    private const int NumberSizeMax = 32;

    /// <summary>Whole numbers up to this one are exact as a double.</summary>
    private const double ExactMax = 1L << 53;

    private readonly ArrayBufferWriter<byte> _text = new(InitialSize);
    private bool _isOpenMetrics;
    private string _name = "";

    /// <summary>All that was written.</summary>
    public ReadOnlySpan<byte> Bytes => _text.WrittenSpan;

    /// <summary>A label as it stands between the braces, its value escaped.</summary>
    public static string Label(string name, string value) => $"{name}=\"{Escape(value)}\"";

    /// <summary>Begins anew, in this format.</summary>
    public void Restart(bool isOpenMetrics)
    {
        _text.ResetWrittenCount();
        _isOpenMetrics = isOpenMetrics;
        _name = "";
    }

    /// <summary>Samples that follow are of this family.</summary>
    public void Begin(MetricFamily family)
    {
        _name = family.Name;
        bool isCut = _isOpenMetrics && family.Kind == MetricKind.Counter;
        ReadOnlySpan<char> name = isCut ? _name.AsSpan(0, _name.Length - MetricFamily.Total.Length) : _name;
        Write("# HELP "u8);
        Write(name);
        Write(" "u8);
        Write(family.Help);
        Write("\n# TYPE "u8);
        Write(name);
        Write(" "u8);
        Write(WordFor(family.Kind));
        Write("\n"u8);
    }

    /// <summary>A sample without labels.</summary>
    public void Add(double value) => Add("", "", value);

    /// <summary>A sample with labels, of which each is a <see cref="Label"/>, with commas between them.</summary>
    public void Add(string labels, double value) => Add("", labels, value);

    /// <summary>A sample whose name ends in a way of its own, as those of histograms do.</summary>
    public void Add(string suffix, string labels, double value)
    {
        Write(_name);
        Write(suffix);
        if (labels.Length > 0)
        {
            Write("{"u8);
            Write(labels);
            Write("}"u8);
        }
        Write(" "u8);
        Write(value);
        Write("\n"u8);
    }

    /// <summary>After all families.</summary>
    public void End()
    {
        if (_isOpenMetrics)
        {
            Write("# EOF\n"u8);
        }
    }

    private ReadOnlySpan<byte> WordFor(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter"u8,
        MetricKind.Gauge => "gauge"u8,
        MetricKind.Histogram => "histogram"u8,
        MetricKind.Summary => "summary"u8,
        _ => _isOpenMetrics ? "unknown"u8 : "untyped"u8,
    };

    private static string Escape(string value) => value.AsSpan().IndexOfAny('\\', '"', '\n') < 0
        ? value
        : value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);

    private void Write(double value)
    {
        Span<byte> room = _text.GetSpan(NumberSizeMax);
        int written;
        if (Math.Abs(value) <= ExactMax && value == Math.Truncate(value))
        {
            ((long)value).TryFormat(room, out written, default, CultureInfo.InvariantCulture);
        }
        else if (double.IsFinite(value))
        {
            value.TryFormat(room, out written, default, CultureInfo.InvariantCulture);
        }
        else
        {
            ReadOnlySpan<byte> word = double.IsNaN(value) ? "NaN"u8 : value > 0 ? "+Inf"u8 : "-Inf"u8;
            word.CopyTo(room);
            written = word.Length;
        }
        _text.Advance(written);
    }

    private void Write(ReadOnlySpan<byte> bytes) => _text.Write(bytes);

    private void Write(ReadOnlySpan<char> text)
    {
        Span<byte> room = _text.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        _text.Advance(Encoding.UTF8.GetBytes(text, room));
    }
}
