using Bixbite.Structures.Text;

namespace Bixbite.Configuration.Kinds;

/// <summary>The percentiles that INFO latencystats shows.</summary>
public sealed class PercentilesSetting(string name, params double[] standard) : ValueSetting<IReadOnlyList<double>>(name, standard)
{
    private const double PercentMax = 100;

    public override string Range => "numbers from 0 to 100, or \"\"";

    protected override string FileText => Value.Count == 0 ? "\"\"" : Text;

    protected override string? Read(IReadOnlyList<string> words)
    {
        if (words is [""])
        {
            return Keep([]);
        }
        double[] percentiles = new double[words.Count];
        for (int i = 0; i < percentiles.Length; i++)
        {
            if (!Doubles.TryParse(ByteText.Encode(words[i]), out percentiles[i]))
            {
                return $"Invalid {Name} parameters";
            }
            if (percentiles[i] is > PercentMax or < 0)
            {
                return $"{Name} parameters should sit between [0.0,100.0]";
            }
        }
        return Keep(percentiles);
    }

    protected override string Format(IReadOnlyList<double> value) => string.Join(' ', value.Select(ShowOne));

    /// <summary>Six decimals at most, as printf("%f") without its trailing zeros.</summary>
    private static string ShowOne(double percentile) => NumberSyntax.Show(Math.Round(percentile, 6));
}
