namespace Bixbite.Configuration.Kinds;

/// <summary>The kernel's score adjustments for a primary, a replica and a background process.</summary>
public sealed class OomScoresSetting(string name, params int[] standard) : ValueSetting<IReadOnlyList<int>>(name, standard)
{
    private const int ScoreMax = 2000;

    public override string Range => $"three numbers from -{ScoreMax} to {ScoreMax}";

    public override string? Warning => Value[0] <= Value[1] && Value[1] <= Value[2]
        ? null
        : "The oom-score-adj-values configuration may not work for non-privileged processes! Please consult the documentation.";

    protected override string? Read(IReadOnlyList<string> words)
    {
        if (words.Count != Default.Count)
        {
            return WrongCount;
        }
        int[] scores = new int[words.Count];
        for (int i = 0; i < scores.Length; i++)
        {
            if (!NumberSyntax.TryReadLoose(words[i], out long score) || score is < -ScoreMax or > ScoreMax)
            {
                return "Invalid oom-score-adj-values, elements must be between -2000 and 2000.";
            }
            scores[i] = (int)score;
        }
        return Keep(scores);
    }

    protected override string Format(IReadOnlyList<int> value) => string.Join(' ', value.Select(score => NumberSyntax.Show(score)));
}
