using System.Globalization;

namespace Bixbite.Commands.Info.Sections;

/// <summary>A line of INFO as data: its name, and how its value is read from what the section knows.</summary>
internal sealed class InfoField<TSource>
{
    private readonly Func<TSource, string> _read;

    public InfoField(string name, Func<TSource, string> read)
    {
        Name = name;
        _read = read;
    }

    public InfoField(string name, Func<TSource, long> read)
        : this(name, source => read(source).ToString(CultureInfo.InvariantCulture))
    {
    }

    /// <summary>A number with two decimals.</summary>
    public InfoField(string name, Func<TSource, double> read)
        : this(name, source => read(source).ToString("F2", CultureInfo.InvariantCulture))
    {
    }

    /// <summary>A value that is always the same here; tools expect the line.</summary>
    public InfoField(string name, string value)
        : this(name, _ => value)
    {
    }

    public InfoField(string name, long value)
        : this(name, value.ToString(CultureInfo.InvariantCulture))
    {
    }

    public string Name { get; }

    public string ValueIn(TSource source) => _read(source);
}
