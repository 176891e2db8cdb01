using System.Globalization;

namespace Bixbite.Engine.Facts;

/// <summary>A whole number, a real number or a text.</summary>
public readonly struct FactValue
{
    private readonly string? _text;
    private readonly long _whole;
    private readonly double _real;
    private readonly bool _isReal;

    public FactValue(long number) => _whole = number;

    public FactValue(double number)
    {
        _real = number;
        _isReal = true;
    }

    public FactValue(string text) => _text = text;

    /// <summary>The number, as exact as it can be; 0 for a text.</summary>
    public double Number => _isReal ? _real : _whole;

    /// <summary>As INFO prints it: real numbers with two decimals.</summary>
    public override string ToString() =>
        _text ?? (_isReal ? _real.ToString("F2", CultureInfo.InvariantCulture) : _whole.ToString(CultureInfo.InvariantCulture));
}
